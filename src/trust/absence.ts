/** Authorities that are pinned and whose certificates are not in the trust folder: known, not trusted, and to be obtained. */
import {
  type AbsentAuthority,
  type SignatureReport,
  type VerificationReport,
} from '../eds/judgement/verdict.js';
import { type ManifestEntry } from './manifest.js';

/** The commands that put an absent certificate into a trust folder, compared with its pin on the way. */
function commandFor({ provenance }: ManifestEntry, directory: string): string {
  const folder = /^[\w./:\\-]+$/.test(directory) ? directory : `'${directory.replaceAll("'", "'\\''")}'`;
  const sync = `npx qaqpa trust sync --directory ${folder}`;
  return provenance.urls.length > 0 ? sync : `${sync} --from FOLDER (with the file in FOLDER)`;
}

/** What has to be known of an absent certificate to obtain it. */
export function absenceOf(entry: ManifestEntry, directory: string): AbsentAuthority {
  const { name, subject, sha256 } = entry;
  return { name, subject: subject ?? '', sha256, obtain: commandFor(entry, directory) };
}

/** One line for an operator: which certificate is absent, what follows and what to do. */
export function describeAbsence({ name, subject, sha256, obtain }: AbsentAuthority): string {
  return `${name}: pinned and not in the folder, so that nothing this authority issued is accepted (${subject}, SHA-256 ${sha256}); obtain it with: ${obtain}`;
}

/**
 * A report in which an absent authority is named wherever a certificate of it, or its own, was not trusted: the reader then knows that
 * the installation is incomplete and the key not a stranger's. Changes no verdict.
 */
export function nameAbsence(
  report: VerificationReport,
  absent: readonly AbsentAuthority[],
): VerificationReport {
  const named = absent.filter((authority) => report.signatures.some((one) => isOf(one, authority)));
  return named.length === 0 ? report : { ...report, trust: { ...report.trust, absent: named } };
}

function isOf({ code, certificate }: SignatureReport, { subject, sha256 }: AbsentAuthority): boolean {
  if (certificate === null) return false;
  if (certificate.sha256 === sha256) return code === 'PATH_SELF_SIGNED' || code === 'PATH_UNTRUSTED';
  return code === 'PATH_UNTRUSTED' && certificate.issuer === subject;
}
