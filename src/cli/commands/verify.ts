import { parseArgs } from 'node:util';
import { verifyEvidence } from '../../eds/evidence/evidence.js';
import { EdsError, isFormatCode } from '../../eds/error.js';
import { type DocumentPolicy } from '../../eds/policy.js';
import { reportNothing } from '../../eds/report.js';
import { type RevocationSource } from '../../eds/revocation.js';
import { type TrustSet } from '../../eds/trust-set.js';
import { type VerificationReport } from '../../eds/verdict.js';
import { unreadable } from '../../eds/verdict-rules.js';
import { verifyXml } from '../../eds/xml/verify.js';
import { type Command, type CommandIo, EXIT, UsageError } from '../command.js';
import { readInput, readTime } from '../input.js';
import { formatReport } from '../report-text.js';
import { readRevocationOptions } from '../revocation-options.js';
import { readTrustOptions } from '../trust-options.js';

const USAGE = `Usage: qaqpa verify SIGNATURE [--content FILE] [OPTIONS]

Judges a signature: CMS (attached or detached), signed XML, a time-stamp, an OCSP response, a CRL or a certificate, in DER, PEM
or base64; - reads standard input. The verdict follows ETSI EN 319 102-1; only TOTAL_PASSED is a yes.

  --content FILE        what a detached signature was made over
  --format FORMAT       auto (default), cms or xml
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
  trust: { type: 'string', multiple: true, default: [] as string[] },
  anchor: { type: 'string', multiple: true, default: [] as string[] },
  crl: { type: 'string', multiple: true, default: [] as string[] },
  ocsp: { type: 'string', multiple: true, default: [] as string[] },
  at: { type: 'string' },
  revocation: { type: 'string', default: 'online' },
  json: { type: 'boolean', default: false },
} as const;

const SIGNATURE_LIMIT = 192 * 1024 * 1024;
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

    const input = await readInput(file, SIGNATURE_LIMIT, io);
    const content = values.content === undefined ? null : await readInput(values.content, CONTENT_LIMIT, io);
    const kind = format === 'auto' ? (looksLikeXml(input) ? 'xml' : 'cms') : format;
    if (kind === 'xml' && content !== null) {
      throw new UsageError('--content has no meaning with signed XML: the content is the document itself');
    }
    const trust = await readTrustOptions(values.trust, values.anchor, io);
    const options = { mode, crlFiles: values.crl, ocspFiles: values.ocsp };
    const { source, close } = await readRevocationOptions(options, trust, io);
    try {
      const policy: DocumentPolicy = {
        name: 'document',
        revocation: mode === 'none' ? 'not-checked' : 'required',
        checksums: 'warn',
      };
      const report =
        kind === 'xml'
          ? await verifyXml(input, trust, source, policy, at)
          : await verifyBinary(input, content, trust, source, policy, at);
      writeReport(report, values.json, io);
      return EXIT_OF[report.indication];
    } finally {
      await close();
    }
  },
};

/** A file that holds no signature of any kind gets a verdict too, so that whoever reads the answer needs one way only. */
async function verifyBinary(
  input: Uint8Array,
  content: Uint8Array | null,
  trust: TrustSet,
  revocation: RevocationSource,
  policy: DocumentPolicy,
  at: Date,
): Promise<VerificationReport> {
  try {
    const evidence = content === null ? { input } : { input, content };
    return await verifyEvidence(evidence, trust, revocation, policy, at);
  } catch (error) {
    if (!(error instanceof EdsError) || !isFormatCode(error.code)) throw error;
    return reportNothing(unreadable(error.code), { trustVersion: trust.version, policy: policy.name, at });
  }
}

function writeReport(report: VerificationReport, json: boolean, io: CommandIo): void {
  io.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
}

/** After a byte order mark and white space, only XML begins with `<`. */
function looksLikeXml(bytes: Uint8Array): boolean {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const start = bytes.subarray(marked ? 3 : 0).find((octet) => ![0x09, 0x0a, 0x0d, 0x20].includes(octet));
  return start === 0x3c;
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new UsageError(`${option} must be one of ${allowed.join(', ')}`);
  return found;
}
