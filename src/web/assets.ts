import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A folder of public files and the address under which the pages expect it. */
export interface AssetMount {
  readonly path: '/assets' | '/assets/js';
  readonly folder: string;
}

/**
 * The public files of the pages: style sheet and mark, and the compiled browser code. To be served read-only, without
 * directory indexes, revalidated on every use (`Cache-Control: no-cache` with an ETag) because names carry no hash. When
 * the program runs from its sources (tests), the browser code is the one compiled into `dist`; it throws if that is missing.
 */
export function assetMounts(): readonly AssetMount[] {
  const scripts = [
    new URL('./browser/', import.meta.url),
    new URL('../../dist/web/browser/', import.meta.url),
  ].find((folder) => existsSync(new URL('sign-in.js', folder)));
  if (scripts === undefined) throw new Error('The compiled browser code is missing; run `npm run build`.');
  return [
    { path: '/assets/js', folder: fileURLToPath(scripts) },
    { path: '/assets', folder: fileURLToPath(new URL('./assets/', import.meta.url)) },
  ];
}
