import { join } from 'node:path';
import { type Certificate } from '../eds/certificate/certificate.js';
import { formatName } from '../eds/certificate/name.js';
import { EdsError } from '../eds/error.js';
import { createTrustSet, type TrustSet } from '../eds/trust-set.js';
import { type AbsentAuthority } from '../eds/judgement/verdict.js';
import { absenceOf, describeAbsence } from './absence.js';
import { checkAuthorities } from './authority.js';
import { readBounded, readCertificateFile } from './certificate-file.js';
import { systemCode, TrustError, trustError, type TrustProblem } from './error.js';
import {
  type Manifest,
  MANIFEST_LIMIT,
  type ManifestEntry,
  parseManifest,
  trustVersion,
} from './manifest.js';

/** A trust folder that passed every check. */
export interface LoadedTrust {
  readonly set: TrustSet;
  readonly manifest: Manifest;
  /** The certificates that were read, by entry name. */
  readonly certificates: ReadonlyMap<string, Certificate>;
  /** What is pinned but not in the folder: known, not trusted. */
  readonly absent: readonly AbsentAuthority[];
  /** What an operator should know although the folder is valid, for example an expired CA certificate. */
  readonly warnings: readonly string[];
}

/** The name of the manifest in a trust folder. */
export const MANIFEST_FILE = 'manifest.json';

/**
 * Reads a trust folder: the manifest strictly, every certificate against its pin, all of them against each other.
 *
 * @throws TrustError with every problem found; nothing of such a folder is to be trusted
 */
export async function loadTrust(directory: string, now: Date): Promise<LoadedTrust> {
  return checkManifest(directory, await readManifestText(directory), now);
}

/**
 * The exact text of the folder's manifest.
 *
 * @throws TrustError `MANIFEST_UNREADABLE`
 */
export async function readManifestText(directory: string): Promise<string> {
  const path = join(directory, MANIFEST_FILE);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readBounded(path, MANIFEST_LIMIT));
  } catch (cause) {
    throw trustError('MANIFEST_UNREADABLE', null, `${path} cannot be read`, cause);
  }
}

/** `loadTrust` for a manifest text that may not stand on disk yet, with the certificates of the folder. */
export async function checkManifest(directory: string, text: string, now: Date): Promise<LoadedTrust> {
  const manifest = parseManifest(text);
  const problems: TrustProblem[] = [];
  const certificates = new Map<string, Certificate>();
  const live = manifest.entries.filter(({ status }) => status !== 'excluded');
  for (const entry of live) {
    problems.push(...windowProblems(entry, now));
    if (entry.file === null) continue;
    const certificate = await readPinned(directory, entry).catch((error: unknown) => {
      if (!(error instanceof TrustError)) throw error;
      problems.push(...error.problems);
      return null;
    });
    if (certificate === null) continue;
    problems.push(...descriptionProblems(entry, certificate));
    certificates.set(entry.name, certificate);
  }
  const present = live.flatMap((entry) => {
    const certificate = certificates.get(entry.name);
    return certificate === undefined ? [] : [{ entry, certificate }];
  });
  problems.push(
    ...checkAuthorities(
      present.map(({ entry, certificate }) => ({ name: entry.name, role: entry.role, certificate })),
    ),
  );
  if (problems.length > 0) throw new TrustError(problems);
  const absent = live
    .filter(({ file, window }) => file === null && !hasEnded(window, now))
    .map((entry) => absenceOf(entry, directory));
  return {
    set: trustSetOf(trustVersion(manifest, text), present),
    manifest,
    certificates,
    absent,
    warnings: [
      ...absent.map(describeAbsence),
      ...present.flatMap(({ entry, certificate }) => warningsAbout(entry, certificate, now)),
    ],
  };
}

async function readPinned(directory: string, entry: ManifestEntry): Promise<Certificate> {
  const path = join(directory, entry.file ?? '');
  const [certificate, extra] = await readCertificateFile(path).catch((cause: unknown) => {
    throw systemCode(cause) === 'ENOENT'
      ? trustError('FILE_MISSING', entry.name, `the file ${entry.file ?? ''} is not in the folder`, cause)
      : trustError(
          'FILE_UNREADABLE',
          entry.name,
          `the file ${entry.file ?? ''} cannot be read as a certificate`,
          cause,
        );
  });
  if (certificate === undefined || extra !== undefined) {
    throw trustError(
      'FILE_UNREADABLE',
      entry.name,
      `the file ${entry.file ?? ''} must hold exactly one certificate`,
    );
  }
  if (certificate.sha256 !== entry.sha256) {
    throw trustError(
      'PIN_MISMATCH',
      entry.name,
      `the certificate in ${entry.file ?? ''} has SHA-256 ${certificate.sha256}, the manifest pins ${entry.sha256}`,
    );
  }
  return certificate;
}

function descriptionProblems(entry: ManifestEntry, certificate: Certificate): TrustProblem[] {
  const facts = [
    { what: 'subject', said: entry.subject, is: formatName(certificate.subject) },
    { what: 'serial', said: entry.serial, is: certificate.serialNumber },
  ];
  return facts
    .filter(({ said, is }) => said !== is)
    .map(({ what, said, is }) => ({
      code: 'DESCRIPTION_MISMATCH',
      entry: entry.name,
      message: `the manifest gives the ${what} as "${said ?? ''}", the certificate as "${is}"`,
    }));
}

function hasEnded({ until }: ManifestEntry['window'], now: Date): boolean {
  return until !== null && Date.parse(until) <= now.getTime();
}

function windowProblems({ name, status, window }: ManifestEntry, now: Date): TrustProblem[] {
  // A retiring entry whose time has come is finished; an active one contradicts itself and somebody must decide.
  if (status !== 'active' || !hasEnded(window, now)) return [];
  const message = `its window ended at ${window.until ?? ''} although it is active: retire it, exclude it or move the end`;
  return [{ code: 'WINDOW_ENDED', entry: name, message }];
}

function warningsAbout(entry: ManifestEntry, certificate: Certificate, now: Date): string[] {
  const { from, until } = entry.window;
  return [
    ...(entry.purposes.every((purpose) => purpose === 'ocsp')
      ? [`${entry.name}: designated, its OCSP responders are believed about certificates of every trusted CA`]
      : []),
    ...(certificate.notAfter < now
      ? [`${entry.name}: expired on ${day(certificate.notAfter)}; it judges signatures proven to be older`]
      : []),
    ...(certificate.notBefore > now ? [`${entry.name}: not valid before ${day(certificate.notBefore)}`] : []),
    ...(from !== null && Date.parse(from) > now.getTime()
      ? [`${entry.name}: not trusted before ${from}`]
      : []),
    ...(hasEnded(entry.window, now) ? [`${entry.name}: its window ended at ${until ?? ''}`] : []),
  ];
}

function trustSetOf(
  version: string,
  present: readonly { readonly entry: ManifestEntry; readonly certificate: Certificate }[],
): TrustSet {
  try {
    return createTrustSet(
      version,
      present.map(({ entry, certificate }) => ({
        certificate,
        role: entry.role,
        purposes: entry.purposes,
        window: {
          from: entry.window.from === null ? null : new Date(entry.window.from),
          until: entry.window.until === null ? null : new Date(entry.window.until),
        },
      })),
    );
  } catch (error) {
    if (!(error instanceof EdsError)) throw error;
    throw trustError('TRUST_EMPTY', null, 'the folder has no anchor that is both pinned and present', error);
  }
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
