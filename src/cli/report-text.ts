import { type VerdictCode } from '../eds/error.js';
import { type SignatureReport, type VerificationReport } from '../eds/judgement/verdict.js';
import { meaningOf } from '../reasons/note.js';
import { indicationText, KIND_TEXT, subIndicationText } from './verdict-text.js';

/** A verification report for people: the verdict first, then each signature with what was found and each step with its reason. */
export function formatReport(report: VerificationReport): string {
  const head = [
    `${report.indication}: ${indicationText(report.indication, report.kind)}`,
    ...(report.subIndication === null
      ? []
      : [`${report.subIndication}: ${subIndicationText(report.subIndication, report.kind)}`]),
    ...reason(report.code),
    '',
    ...fields('', [
      ['validated at', report.validatedAt],
      ['policy', report.policy],
      ['trust set', report.trust.version],
      ...(report.trust.absent ?? []).map(
        ({ name, sha256 }) => ['absent', `${name}, SHA-256 ${sha256}`] as const,
      ),
    ]),
  ];
  const signatures = report.signatures.flatMap((signature, index) => [
    '',
    `${headingOf(report, index)}: ${signature.indication}`,
    ...formatSignature(signature),
  ]);
  return `${[...head, ...signatures].join('\n')}\n`;
}

function headingOf({ kind, signatures }: VerificationReport, index: number): string {
  if (kind === 'signature') return `Signature ${index + 1} of ${signatures.length}`;
  const text = KIND_TEXT[kind];
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function formatSignature(signature: SignatureReport): readonly string[] {
  const { algorithm, signer, certificate } = signature;
  return [
    ...fields('  ', [
      ['format', signature.format],
      ['algorithm', algorithm === null ? null : `${algorithm.key} with ${algorithm.digest}`],
      ['signer', signer?.name],
      ['kind', signer === null ? null : [...new Set([signer.kind, ...signer.roles])].join(', ')],
      ['IIN', signer?.iin],
      ['organisation', signer?.organisation],
      ['BIN', signer?.bin],
      ['certificate', certificate?.serialNumber],
      ['subject', signer === null ? certificate?.subject : null],
      ['issued by', certificate?.issuer],
      ['valid', certificate === null ? null : `${certificate.notBefore} to ${certificate.notAfter}`],
      ['claimed time', signature.claimedSigningTime],
      ['proved time', signature.bestSignatureTime],
      ['signed octets', signedOctets(signature)],
    ]),
    '  steps',
    ...signature.steps.map(
      ({ name, result, code }) =>
        `    ${name.padEnd(12)}${result}${code === null ? '' : ` (${code}: ${meaningOf(code)})`}`,
    ),
    ...section(
      'revocation',
      signature.revocation.map(
        ({ certificate: sha256, status, source, revokedAt, producedAt }) =>
          `${sha256.slice(0, 16)}  ${status}` +
          (source === 'none' ? '' : ` by ${source.toUpperCase()}`) +
          (revokedAt === null ? '' : `, ${status === 'on-hold' ? 'since' : 'revoked at'} ${revokedAt}`) +
          (producedAt === null ? '' : `, said at ${producedAt}`),
      ),
    ),
    ...section(
      'time-stamps',
      signature.timestamps.map(
        ({ valid, time, tsa, code }) =>
          `${valid ? 'good' : 'not good'}  ${time ?? 'no time'}  ${tsa ?? ''}${code === null ? '' : ` (${code}: ${meaningOf(code)})`}`,
      ),
    ),
    ...section(
      'notes',
      signature.warnings.map((code) => `${code}: ${meaningOf(code)}`),
    ),
  ];
}

/** The digest is there to be compared with that of a file: it covers exactly what was signed. */
function signedOctets({ signedContent }: SignatureReport): string | null {
  if (signedContent === null) return null;
  const { octets, sha256, scope, element } = signedContent;
  const part = scope === 'whole' ? '' : `, a part of the document${element === null ? '' : ` (${element})`}`;
  return `${octets}, SHA-256 ${sha256}${part}`;
}

function reason(code: VerdictCode | null): readonly string[] {
  return code === null ? [] : [`${code}: ${meaningOf(code)}`];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)];
}

/** Lines of names and values, those without a value left out. */
export function fields(
  indent: string,
  pairs: readonly (readonly [string, string | null | undefined])[],
): readonly string[] {
  return pairs.flatMap(([name, value]) =>
    value == null ? [] : [`${indent}${name.padEnd(16)}${printable(value)}`],
  );
}

/** A value without control characters: names come out of certificates and must not steer the terminal. */
function printable(value: string): string {
  return value.replace(/[\p{Cc}\p{Cf}]/gu, '�');
}
