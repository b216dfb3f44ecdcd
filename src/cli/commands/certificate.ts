import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { keyTitle } from '../../eds/algorithms/scheme.js';
import { readSignatureInput } from '../../eds/asn1/signature-input.js';
import { type Certificate, parseCertificate } from '../../eds/certificate/certificate.js';
import { formatName } from '../../eds/certificate/name.js';
import { EdsError, type WarningCode } from '../../eds/error.js';
import { type Identity, readIdentity, rolesOf } from '../../eds/identity.js';
import { type Command, EXIT, InputError, UsageError } from '../command.js';
import { readInput } from '../input.js';
import { fields } from '../report-text.js';
import { meaningOf } from '../../reasons/note.js';

/** A certificate has one or two kilobytes. */
const CERTIFICATE_LIMIT = 64 * 1024;

export const command: Command = {
  usage: `Usage: qaqpa certificate FILE [--json]

Shows what a certificate (PEM, DER or base64; - for standard input) says. Nothing of it is verified: qaqpa verify does that.

Exit codes: 0 shown, 64 wrong usage, 65 not a certificate.
`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [file, extra] = positionals;
    if (file === undefined || extra !== undefined) throw new UsageError('certificate needs exactly one file');
    const description = describe(parse(await readInput(file, CERTIFICATE_LIMIT, io)));
    io.stdout.write(values.json === true ? `${JSON.stringify(description, null, 2)}\n` : format(description));
    return EXIT.ok;
  },
};

interface Description {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  /** `ca` for the certificate of a CA. */
  readonly kind: Identity['kind'] | 'ca';
  readonly name: string | null;
  readonly iin: string | null;
  readonly bin: string | null;
  readonly organisation: string | null;
  readonly email: string | null;
  readonly roles: readonly string[];
  readonly algorithm: { readonly key: string | null; readonly keyOid: string; readonly signatureOid: string };
  readonly usages: { readonly key: readonly string[]; readonly extended: readonly string[] };
  readonly policies: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly sha256: string;
  readonly fingerprints: { readonly sha256: string; readonly sha1: string };
  readonly notes: readonly string[];
}

function parse(bytes: Uint8Array): Certificate {
  try {
    return parseCertificate(readSignatureInput(bytes));
  } catch (cause) {
    if (!(cause instanceof EdsError)) throw cause;
    throw new InputError(`this is not a certificate: ${cause.message}`, { cause });
  }
}

function describe(certificate: Certificate): Description {
  const authority = certificate.basicConstraints?.ca === true;
  const reading = authority ? null : readIdentity(certificate);
  const identity = reading?.identity ?? null;
  const codes: WarningCode[] = [
    ...(certificate.unreadable.length > 0 ? (['CERTIFICATE_TEXT_UNREADABLE'] as const) : []),
    ...(reading === null ? [] : [...reading.problems, ...reading.warnings]),
  ];
  return {
    subject: formatName(certificate.subject),
    issuer: formatName(certificate.issuer),
    serialNumber: certificate.serialNumber,
    kind: identity?.kind ?? 'ca',
    name: identity?.name ?? null,
    iin: identity?.iin ?? null,
    bin: identity?.bin ?? null,
    organisation: identity?.organisation ?? null,
    email: identity?.email ?? null,
    roles: rolesOf(certificate),
    algorithm: {
      key: keyTitle(certificate.publicKey),
      keyOid: certificate.publicKey.algorithm.oid,
      signatureOid: certificate.signatureAlgorithm.oid,
    },
    usages: { key: [...(certificate.keyUsage ?? [])], extended: certificate.extendedKeyUsage ?? [] },
    policies: certificate.policies,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    sha256: certificate.sha256,
    fingerprints: {
      sha256: certificate.sha256,
      // Only to find a certificate in systems that still list them so.
      sha1: createHash('sha1').update(certificate.der).digest('hex'),
    },
    notes: codes.map((code) => `${code}: ${meaningOf(code)}`),
  };
}

function format(description: Description): string {
  const { algorithm, usages, fingerprints } = description;
  const lines = fields('', [
    ['subject', description.subject],
    ['issuer', description.issuer],
    ['serial number', description.serialNumber],
    ['kind', description.kind],
    ['name', description.name],
    ['IIN', description.iin],
    ['organisation', description.organisation],
    ['BIN', description.bin],
    ['e-mail', description.email],
    ['roles', joined(description.roles)],
    ['key', algorithm.key ?? `not supported (${algorithm.keyOid})`],
    ['signed with', algorithm.signatureOid],
    ['key usage', joined(usages.key)],
    ['extended usage', joined(usages.extended)],
    ['policies', joined(description.policies)],
    ['valid', `${description.notBefore} to ${description.notAfter}`],
    ['SHA-256', fingerprints.sha256],
    ['SHA-1', fingerprints.sha1],
  ]);
  return [...lines, ...description.notes.map((note) => `Note: ${note}`), ''].join('\n');
}

function joined(values: readonly string[]): string | null {
  return values.length === 0 ? null : values.join(', ');
}
