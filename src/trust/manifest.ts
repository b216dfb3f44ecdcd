import { createHash } from 'node:crypto';
import { z } from 'zod';
import { TrustError, trustError, type TrustProblem } from './error.js';

const timestamp = z.iso.datetime({
  message: 'must be an RFC 3339 time in UTC, for example 2027-01-31T00:00:00Z',
});

const entrySchema = z.strictObject({
  /** How people and commands call the certificate. */
  name: z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, 'must be lower-case letters, digits and _ . -'),
  /** The certificate's file beside the manifest; `null` while only the pin is known. */
  file: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,79}\.(?:pem|cer|crt|der)$/,
      'must be a plain .pem, .cer, .crt or .der name',
    )
    .nullable(),
  role: z.enum(['anchor', 'intermediate']),
  purposes: z.array(z.enum(['login', 'document', 'timestamp', 'ocsp'])).min(1, 'must name a purpose'),
  /** SHA-256 over the certificate's DER, lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
  subject: z.string().min(1).nullable(),
  serial: z
    .string()
    .regex(/^-?[0-9a-f]{2,40}$/, 'must be lower-case hex')
    .nullable(),
  window: z.strictObject({ from: timestamp.nullable(), until: timestamp.nullable() }),
  /** `retiring` is trusted until its window ends; `excluded` never, and stands here so that nobody adds it by mistake. */
  status: z.enum(['active', 'retiring', 'excluded']),
  provenance: z.strictObject({ urls: z.array(z.url({ protocol: /^https?$/ })), note: z.string() }),
});

const manifestSchema = z.strictObject({
  version: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}\.\d{1,6}$/, 'must be a date and a number, for example 2026-11-23.1'),
  entries: z.array(entrySchema).min(1, 'must have an entry').max(500),
});

/** One pinned CA certificate: what it is, what it may vouch for and when, and how it became known. */
export type ManifestEntry = Readonly<z.infer<typeof entrySchema>>;

/** The content of `manifest.json`: the whole of what a folder trusts. */
export interface Manifest {
  readonly version: string;
  readonly entries: readonly ManifestEntry[];
}

/** The longest manifest that is read, in bytes. */
export const MANIFEST_LIMIT = 1024 * 1024;

/**
 * Reads a manifest strictly: unknown fields, wrong forms, repeated names, pins or files refuse the whole.
 *
 * @throws TrustError with every mistake found
 */
export function parseManifest(text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw trustError('MANIFEST_MALFORMED', null, 'the manifest is not JSON', cause);
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    throw new TrustError(
      parsed.error.issues.map(({ path, message }) => ({
        code: 'MANIFEST_MALFORMED',
        entry: null,
        message: `${path.length === 0 ? 'the manifest' : path.join('.')}: ${message}`,
      })),
    );
  }
  const problems = [
    ...repeated(parsed.data.entries, 'name'),
    ...repeated(parsed.data.entries, 'sha256'),
    ...repeated(parsed.data.entries, 'file'),
    ...parsed.data.entries.flatMap(contradictions),
  ];
  if (problems.length > 0) throw new TrustError(problems);
  return parsed.data;
}

/** The manifest as it is written to disk. */
export function serialiseManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * The version a trust set carries into every verdict: what the manifest calls itself, and the beginning of the SHA-256 of
 * its exact text, which pins every certificate in turn.
 */
export function trustVersion(manifest: Manifest, text: string): string {
  return `${manifest.version}+${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

/** The version after `previous` for a change made now: the day, and a number that grows within it. */
export function nextVersion(previous: string, now: Date): string {
  const today = now.toISOString().slice(0, 10);
  const [day = '', number = '0'] = previous.split('.');
  // A clock set back must not make versions go backwards.
  return day >= today ? `${day}.${Number(number) + 1}` : `${today}.1`;
}

function repeated(entries: readonly ManifestEntry[], field: 'name' | 'sha256' | 'file'): TrustProblem[] {
  const seen = new Map<string, string>();
  return entries.flatMap((entry) => {
    const value = entry[field];
    if (value === null) return [];
    const first = seen.get(value);
    seen.set(value, entry.name);
    if (first === undefined) return [];
    const what = field === 'sha256' ? 'certificate' : field;
    return [{ code: 'MANIFEST_DUPLICATE', entry: entry.name, message: `has the same ${what} as ${first}` }];
  });
}

function contradictions(entry: ManifestEntry): TrustProblem[] {
  const problem = (message: string): TrustProblem => ({
    code: 'MANIFEST_MALFORMED',
    entry: entry.name,
    message,
  });
  const { from, until } = entry.window;
  return [
    ...(entry.status === 'retiring' && until === null
      ? [problem('is retiring without an end of its window')]
      : []),
    ...(entry.status !== 'excluded' && (entry.subject === null || entry.serial === null)
      ? [problem('needs a subject and a serial unless it is excluded')]
      : []),
    ...(from !== null && until !== null && Date.parse(from) >= Date.parse(until)
      ? [{ ...problem('has a window that ends before it begins'), code: 'WINDOW_INVALID' as const }]
      : []),
    ...(new Set(entry.purposes).size < entry.purposes.length ? [problem('names a purpose twice')] : []),
  ];
}
