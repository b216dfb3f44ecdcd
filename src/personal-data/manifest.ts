import { z } from 'zod';
import { TermsError } from './error.js';

/** Languages of everything a person is asked to accept. */
export const TERMS_LANGUAGES = ['kk', 'ru', 'en'] as const;
export type TermsLanguage = (typeof TERMS_LANGUAGES)[number];

export const TERMS_MANIFEST = 'manifest.json';

const page = z.strictObject({
  title: z.string().min(1).max(200),
  file: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}\.txt$/, 'must be a plain .txt name in lower case'),
  /** SHA-256 of the file, lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
});

const manifestSchema = z.strictObject({
  versions: z
    .array(
      z.strictObject({
        version: z
          .string()
          .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, 'must be up to 40 lower-case letters, digits and . _ -'),
        effectiveFrom: z.iso.datetime({ offset: true, message: 'must be an RFC 3339 time' }),
        documents: z
          .array(
            z.strictObject({
              name: z
                .string()
                .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens'),
              languages: z.strictObject({ kk: page, ru: page, en: page }),
            }),
          )
          .min(1, 'must have a document')
          .max(10),
      }),
    )
    .min(1, 'must have a version')
    .max(100),
});

/** The content of the manifest: every version there was, is, and is planned, oldest first. */
export type TermsManifest = z.infer<typeof manifestSchema>;

/**
 * Reads a manifest strictly: unknown fields, versions out of order or repeated, documents repeated refuse the whole.
 *
 * @throws TermsError with every mistake
 */
export function parseTermsManifest(text: string): TermsManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TermsError([`${TERMS_MANIFEST}: is not JSON`], { cause });
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    throw new TermsError(
      parsed.error.issues.map(({ path, message }) => `${TERMS_MANIFEST}: ${path.join('.')}: ${message}`),
    );
  }
  const { versions } = parsed.data;
  const mistakes = versions.flatMap(({ version, effectiveFrom, documents }, index) => {
    const earlier = versions.slice(0, index);
    return [
      ...(earlier.some((other) => other.version === version) ? ['stands twice'] : []),
      ...(earlier.some((other) => Date.parse(other.effectiveFrom) >= Date.parse(effectiveFrom))
        ? ['does not begin after the one before it']
        : []),
      ...(new Set(documents.map(({ name }) => name)).size < documents.length
        ? ['has two documents of one name']
        : []),
    ].map((mistake) => `${TERMS_MANIFEST}: version ${version} ${mistake}`);
  });
  if (mistakes.length > 0) throw new TermsError(mistakes);
  return parsed.data;
}
