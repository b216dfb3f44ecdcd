import { type VerdictCode } from '../eds/error.js';
import { type SignatureReport, type VerificationReport } from '../eds/verdict.js';
import { INDICATION_TEXT, REASON_TEXT, SUB_INDICATION_TEXT } from './verdict-text.js';

/** A verification report for people: the verdict first, then each signature with what was found and each step with its reason. */
export function formatReport(report: VerificationReport): string {
  const head = [
    `${report.indication}: ${INDICATION_TEXT[report.indication]}`,
    ...(report.subIndication === null
      ? []
      : [`${report.subIndication}: ${SUB_INDICATION_TEXT[report.subIndication]}`]),
    ...reason(report.code),
    '',
    ...fields('', [
      ['validated at', report.validatedAt],
      ['policy', report.policy],
      ['trust set', report.trust.version],
    ]),
  ];
  const signatures = report.signatures.flatMap((signature, index) => [
    '',
    `Signature ${index + 1} of ${report.signatures.length}: ${signature.indication}`,
    ...formatSignature(signature),
  ]);
  return `${[...head, ...signatures].join('\n')}\n`;
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
    ]),
    '  steps',
    ...signature.steps.map(
      ({ name, result, code }) =>
        `    ${name.padEnd(12)}${result}${code === null ? '' : ` (${code}: ${REASON_TEXT[code]})`}`,
    ),
    ...section(
      'revocation',
      signature.revocation.map(
        ({ certificate: sha256, status, source, revokedAt, producedAt }) =>
          `${sha256.slice(0, 16)}  ${status}` +
          (source === 'none' ? '' : ` by ${source.toUpperCase()}`) +
          (revokedAt === null ? '' : `, revoked at ${revokedAt}`) +
          (producedAt === null ? '' : `, said at ${producedAt}`),
      ),
    ),
    ...section(
      'time-stamps',
      signature.timestamps.map(
        ({ valid, time, tsa, code }) =>
          `${valid ? 'good' : 'not good'}  ${time ?? 'no time'}  ${tsa ?? ''}${code === null ? '' : ` (${code}: ${REASON_TEXT[code]})`}`,
      ),
    ),
    ...section(
      'notes',
      signature.warnings.map((code) => `${code}: ${REASON_TEXT[code]}`),
    ),
  ];
}

function reason(code: VerdictCode | null): readonly string[] {
  return code === null ? [] : [`${code}: ${REASON_TEXT[code]}`];
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
