import { parseArgs } from 'node:util';
import { type Admitted, type Evidence, verifyEvidence } from '../../eds/evidence/evidence.js';
import { LIMITS } from '../../eds/limits.js';
import { EdsError, isFormatCode } from '../../eds/error.js';
import { type DocumentPolicy } from '../../eds/judgement/policy.js';
import { reportNothing } from '../../eds/judgement/report.js';
import { type RevocationSource } from '../../eds/judgement/revocation.js';
import { type TrustSet } from '../../eds/trust-set.js';
import { type VerificationReport } from '../../eds/judgement/verdict.js';
import { unreadable } from '../../eds/judgement/verdict-rules.js';
import { type Command, type CommandIo, EXIT, UsageError } from '../command.js';
import { InputTooLong, readInput, readTime } from '../input.js';
import { formatReport } from '../report-text.js';
import { readRevocationOptions } from '../revocation-options.js';
import { readTrustOptions } from '../trust-options.js';
import { describeAbsence, nameAbsence } from '../../trust/absence.js';

const USAGE = `Usage: qaqpa verify SIGNATURE [--content FILE] [OPTIONS]

Judges a signature: CMS (attached or detached) or signed XML, in DER, PEM, base64 and the other forms of docs/verdict.md; - reads
standard input. A certificate, an OCSP response, a CRL or a time-stamp alone is judged as what it is. The verdict follows
ETSI EN 319 102-1; only TOTAL_PASSED is a yes.

  --content FILE        what a detached signature was made over; only signatures are judged then
  --format FORMAT       auto (default), cms or xml; with cms and xml only such signatures are judged
  --require-timestamp   without a valid time-stamp a signature is not proved
  --trust DIR           a folder of CA certificates: self-signed ones are anchors, others intermediates. Replaces the trust set
                        of this machine; may be repeated
  --anchor FILE         this certificate is an anchor though it is not self-signed; may be repeated
  --at TIME             the time of validation, for example 2026-07-20T12:00:00Z (default: now)
  --revocation MODE     online (default): ask the configured OCSP responders and CRL points, then the given files;
                        offline: only the given files; none: leave revocation out of the verdict and say so in it
  --ocsp FILE           an OCSP response; may be repeated
  --crl FILE            a CRL, full or delta; may be repeated
  --json                print one JSON object (docs/verdict.md)

Exit codes: 0 TOTAL_PASSED, 1 TOTAL_FAILED, 2 INDETERMINATE, 64 wrong usage, 65 unreadable input.
`;

const OPTIONS = {
  content: { type: 'string' },
  format: { type: 'string', default: 'auto' },
  'require-timestamp': { type: 'boolean', default: false },
  trust: { type: 'string', multiple: true, default: [] as string[] },
  anchor: { type: 'string', multiple: true, default: [] as string[] },
  crl: { type: 'string', multiple: true, default: [] as string[] },
  ocsp: { type: 'string', multiple: true, default: [] as string[] },
  at: { type: 'string' },
  revocation: { type: 'string', default: 'online' },
  json: { type: 'boolean', default: false },
} as const;

const CONTENT_LIMIT = 512 * 1024 * 1024;

const EXIT_OF = {
  TOTAL_PASSED: EXIT.ok,
  TOTAL_FAILED: EXIT.failed,
  INDETERMINATE: EXIT.indeterminate,
} as const;

export const command: Command = {
  usage: USAGE,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [file, extra] = positionals;
    if (file === undefined || extra !== undefined)
      throw new UsageError('verify needs exactly one signature file');
    const format = oneOf('--format', values.format, ['auto', 'cms', 'xml']);
    const mode = oneOf('--revocation', values.revocation, ['online', 'offline', 'none']);
    const at = values.at === undefined ? io.now() : readTime(values.at, '--at');
    if (mode === 'none' && values.crl.length + values.ocsp.length > 0) {
      throw new UsageError('--crl and --ocsp have no meaning with --revocation none');
    }

    const input = await readSignature(file, io);
    const content = values.content === undefined ? null : await readInput(values.content, CONTENT_LIMIT, io);
    const { trust, absent } = await readTrustOptions(values.trust, values.anchor, io);
    const options = { mode, crlFiles: values.crl, ocspFiles: values.ocsp };
    const { source, close } = await readRevocationOptions(options, trust, io);
    try {
      const policy: DocumentPolicy = {
        name: 'document',
        revocation: mode === 'none' ? 'not-checked' : 'required',
        checksums: 'warn',
        requireTimestamp: values['require-timestamp'],
      };
      const admit: Admitted = format === 'auto' ? (content === null ? 'anything' : 'signatures') : format;
      const evidence = content === null ? { admit } : { admit, content };
      const report =
        input === null
          ? reportTooLarge(trust, policy, at)
          : await judge({ ...evidence, input }, trust, source, policy, at);
      if (report.code === 'SIGNATURE_CONTENT_UNEXPECTED' && report.signatures.length === 0) {
        throw new UsageError('--content has no meaning with signed XML: the content is the document itself');
      }
      writeReport(nameAbsence(report, absent), values.json, io);
      return EXIT_OF[report.indication];
    } finally {
      await close();
    }
  },
};

/** A file longer than anything that is read is not looked into: `null`. */
async function readSignature(file: string, io: CommandIo): Promise<Uint8Array | null> {
  try {
    return await readInput(file, LIMITS.input.maxOctets, io);
  } catch (error) {
    if (error instanceof InputTooLong) return null;
    throw error;
  }
}

function reportTooLarge(trust: TrustSet, policy: DocumentPolicy, at: Date): VerificationReport {
  return reportNothing(unreadable('FORMAT_TOO_LARGE'), {
    trustVersion: trust.version,
    policy: policy.name,
    at,
  });
}

/** A file that holds no signature of any kind gets a verdict too, so that its reader needs one way only. */
async function judge(
  evidence: Evidence,
  trust: TrustSet,
  revocation: RevocationSource,
  policy: DocumentPolicy,
  at: Date,
): Promise<VerificationReport> {
  try {
    return await verifyEvidence(evidence, trust, revocation, policy, at);
  } catch (error) {
    if (!(error instanceof EdsError) || !isFormatCode(error.code)) throw error;
    return reportNothing(unreadable(error.code), { trustVersion: trust.version, policy: policy.name, at });
  }
}

/** An absent certificate is told on standard error too: whoever reads the JSON with a program should still see it. */
function writeReport(report: VerificationReport, json: boolean, io: CommandIo): void {
  for (const absent of report.trust.absent ?? []) io.stderr.write(`qaqpa: ${describeAbsence(absent)}\n`);
  io.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new UsageError(`${option} must be one of ${allowed.join(', ')}`);
  return found;
}
