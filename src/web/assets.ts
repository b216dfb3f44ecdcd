import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A folder of public files and the address under which the pages expect it. */
export interface AssetMount {
  readonly path: string;
  readonly folder: string;
}

/** What the browser loads. The addresses keep the folders' places, so that imports between them mean the same there. */
const SCRIPT_FOLDERS = ['web/browser', 'passwords/rules'];

/**
 * The public files of the pages: style sheet and mark, and the compiled browser code with the rules it shares with the gateway. To be
 * served read-only, without directory indexes, revalidated on every use (`Cache-Control: no-cache` with an ETag) because names carry no
 * hash. When the program runs from its sources (tests), the browser code is the one compiled into `dist`; it throws if that is missing.
 */
export function assetMounts(): readonly AssetMount[] {
  const compiled = [new URL('../', import.meta.url), new URL('../../dist/', import.meta.url)].find((root) =>
    existsSync(new URL('web/browser/sign-in.js', root)),
  );
  if (compiled === undefined) throw new Error('The compiled browser code is missing; run `npm run build`.');
  return [
    ...SCRIPT_FOLDERS.map((folder) => ({
      path: `/assets/js/${folder}`,
      folder: fileURLToPath(new URL(folder, compiled)),
    })),
    { path: '/assets', folder: fileURLToPath(new URL('./assets/', import.meta.url)) },
  ];
}
