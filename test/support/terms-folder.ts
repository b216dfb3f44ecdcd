import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface WrittenVersion {
  readonly version: string;
  readonly effectiveFrom: string;
  /** Octets of a text, where they are not the usual ones. */
  readonly bytes?: { readonly kk?: Buffer; readonly ru?: Buffer; readonly en?: Buffer };
}

/** Writes a folder of terms with one document in each version. Files in `keep` are pinned, not written. */
export function writeTermsFolder(
  directory: string,
  versions: readonly WrittenVersion[],
  { keep = [] }: { readonly keep?: readonly string[] } = {},
): void {
  mkdirSync(directory, { recursive: true });
  const manifest = versions.map(({ version, effectiveFrom, bytes = {} }) => {
    const languages = (['kk', 'ru', 'en'] as const).map((language) => {
      const file = `${version}.terms.${language}.txt`;
      const text = bytes[language] ?? Buffer.from(`Шарттар ${version} (${language})\n\nЕкінші жол.\n`);
      if (!keep.includes(file)) writeFileSync(join(directory, file), text);
      return [
        language,
        { title: `Условия ${version}`, file, sha256: createHash('sha256').update(text).digest('hex') },
      ];
    });
    return {
      version,
      effectiveFrom,
      documents: [{ name: 'terms', languages: Object.fromEntries(languages) as object }],
    };
  });
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ versions: manifest }));
}
