/** The terms of use and the privacy policy: a folder of texts, pinned by hash, from which people are shown what they sign. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertSubject, ChallengeError, type TermsSubject } from '../challenge/subject.js';
import { TermsError } from './error.js';
import {
  parseTermsManifest,
  TERMS_LANGUAGES,
  TERMS_MANIFEST,
  type TermsLanguage,
  type TermsManifest,
} from './manifest.js';

export interface TermsDocument {
  /** What it is, in every language: `terms`, `privacy`. */
  readonly name: string;
  readonly title: string;
  /** SHA-256 of the UTF-8 of `text`, lower-case hex. */
  readonly sha256: string;
  readonly text: string;
}

export interface TermsVersion {
  readonly version: string;
  readonly effectiveFrom: Date;
  readonly documents: Readonly<Record<TermsLanguage, readonly TermsDocument[]>>;
}

export interface Terms {
  /** Oldest first. */
  readonly versions: readonly TermsVersion[];
  /** The version in force: the last one that has begun. @throws TermsError before the first has */
  at(now: Date): TermsVersion;
}

/** The texts shipped with the program: short, general, and to be replaced by those of whoever runs it. */
export const DEFAULT_TERMS_DIRECTORY = fileURLToPath(new URL('../../terms', import.meta.url));

/** No document is longer; what is signed is bounded by the challenge in any case. */
const FILE_LIMIT = 256 * 1024;

/**
 * Loads a folder of terms: its manifest, and every text it pins.
 *
 * @param now some version must be in force by then
 * @throws TermsError with every mistake: a file that is missing, is not UTF-8 or has another hash, a set too long to be signed,
 *   no version in force
 */
export async function loadTerms(directory: string, now: Date): Promise<Terms> {
  const manifest = parseTermsManifest(await readManifest(directory));
  const mistakes: string[] = [];
  const versions: TermsVersion[] = [];
  for (const entry of manifest.versions) {
    const version: TermsVersion = {
      version: entry.version,
      effectiveFrom: new Date(entry.effectiveFrom),
      documents: {
        kk: await readDocuments(directory, entry, 'kk', mistakes),
        ru: await readDocuments(directory, entry, 'ru', mistakes),
        en: await readDocuments(directory, entry, 'en', mistakes),
      },
    };
    mistakes.push(...unsignable(version, entry.documents.length));
    versions.push(version);
  }
  const terms: Terms = {
    versions,
    at(moment) {
      const version = versions.findLast(({ effectiveFrom }) => effectiveFrom <= moment);
      if (version === undefined) throw new TermsError([`${TERMS_MANIFEST}: no version is in force yet`]);
      return version;
    },
  };
  if (!versions.some(({ effectiveFrom }) => effectiveFrom <= now)) {
    mistakes.push(`${TERMS_MANIFEST}: no version is in force yet`);
  }
  if (mistakes.length > 0) throw new TermsError(mistakes);
  return terms;
}

/** What somebody signs who accepts a version in a language. Its identifier names both. */
export function termsSubject({ version, documents }: TermsVersion, language: TermsLanguage): TermsSubject {
  return { kind: 'terms', id: `${version}/${language}`, documents: documents[language] };
}

/** The terms of an identifier as `termsSubject` makes it; `null` where no such version is here. */
export function termsOf({ versions }: Terms, id: string): TermsSubject | null {
  for (const version of versions) {
    const language = TERMS_LANGUAGES.find((candidate) => termsSubject(version, candidate).id === id);
    if (language !== undefined) return termsSubject(version, language);
  }
  return null;
}

async function readManifest(directory: string): Promise<string> {
  try {
    return await readFile(join(directory, TERMS_MANIFEST), 'utf8');
  } catch (cause) {
    throw new TermsError([`${TERMS_MANIFEST}: cannot be read`], { cause });
  }
}

async function readDocuments(
  directory: string,
  { documents }: TermsManifest['versions'][number],
  language: TermsLanguage,
  mistakes: string[],
): Promise<readonly TermsDocument[]> {
  const read: TermsDocument[] = [];
  for (const { name, languages } of documents) {
    const { title, file, sha256 } = languages[language];
    let bytes: Buffer;
    try {
      bytes = await readFile(join(directory, file));
    } catch {
      mistakes.push(`${file}: cannot be read`);
      continue;
    }
    if (bytes.length > FILE_LIMIT) mistakes.push(`${file}: is longer than ${FILE_LIMIT} octets`);
    else if (createHash('sha256').update(bytes).digest('hex') !== sha256)
      mistakes.push(`${file}: is not the file whose SHA-256 the manifest gives`);
    else {
      const text = utf8Of(bytes);
      if (text === null) mistakes.push(`${file}: is not UTF-8 without a byte order mark`);
      else read.push({ name, title, sha256, text });
    }
  }
  return read;
}

function utf8Of(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith('\uFEFF') ? null : text;
  } catch {
    return null;
  }
}

/** Sets that the challenge would refuse when somebody is about to sign them: better known before anybody asks. */
function unsignable(version: TermsVersion, expected: number): string[] {
  return TERMS_LANGUAGES.flatMap((language) => {
    const subject = termsSubject(version, language);
    if (subject.documents.length < expected) return [];
    try {
      assertSubject(subject);
      return [];
    } catch (error) {
      if (!(error instanceof ChallengeError)) throw error;
      return [`version ${subject.id}: ${error.message}`];
    }
  });
}
