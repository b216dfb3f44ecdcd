import { randomBytes } from 'node:crypto';
import { loadConfig } from '../config.js';
import { ConfigError } from '../config/mistake.js';
import { EdsError } from '../eds/error.js';
import { designatedOcspAuthorities } from '../eds/ocsp/index.js';
import { readSignatureInput } from '../eds/asn1/signature-input.js';
import { type RevocationSource } from '../eds/judgement/revocation.js';
import { type TrustSet } from '../eds/trust-set.js';
import {
  createOfflineRevocation,
  createRevocationLadder,
  createTransport,
  hostOf,
  notCheckedRevocation,
} from '../revocation/index.js';
import { type CommandIo, InputError, UsageError } from './command.js';
import { readInput } from './input.js';

export interface RevocationOptions {
  readonly mode: 'online' | 'offline' | 'none';
  readonly crlFiles: readonly string[];
  readonly ocspFiles: readonly string[];
}

/** A full CRL of НУЦ РК has about 21 MB. */
const EVIDENCE_LIMIT = 128 * 1024 * 1024;

/**
 * The revocation source that `--revocation`, `--crl` and `--ocsp` describe. Given files are asked after the network, for what it
 * did not answer.
 *
 * @returns the source, and what ends it
 * @throws InputError for a file that is not what it should be, UsageError for a configuration that cannot be used
 */
export async function readRevocationOptions(
  options: RevocationOptions,
  trust: TrustSet,
  io: CommandIo,
): Promise<{ readonly source: RevocationSource; readonly close: () => Promise<void> }> {
  const nothing = (): Promise<void> => Promise.resolve();
  if (options.mode === 'none') return { source: notCheckedRevocation(), close: nothing };
  const files = await readFiles(options, trust, io);
  if (options.mode === 'offline') return { source: files ?? NOBODY, close: nothing };
  const { source, close } = askNetwork(trust, io);
  return { source: files === null ? source : firstAnswer(source, files), close };
}

/** Offline without any file: there is nobody to ask. */
const NOBODY: RevocationSource = {
  statusOf: () => Promise.resolve({ status: 'unavailable', source: 'none', code: 'REVOCATION_UNAVAILABLE' }),
};

async function readFiles(
  { crlFiles, ocspFiles }: RevocationOptions,
  trust: TrustSet,
  io: CommandIo,
): Promise<RevocationSource | null> {
  if (crlFiles.length + ocspFiles.length === 0) return null;
  const read = async (file: string): Promise<Uint8Array> =>
    readable(file, async () => readSignatureInput(await readInput(file, EVIDENCE_LIMIT, io)));
  const ocsp = await Promise.all(ocspFiles.map(read));
  const crls = await Promise.all(crlFiles.map(read));
  return readable([...ocspFiles, ...crlFiles].join(', '), () =>
    Promise.resolve(createOfflineRevocation(ocsp, crls, (at) => designatedOcspAuthorities(trust, at))),
  );
}

async function readable<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof EdsError)) throw cause;
    throw new InputError(`${name} cannot be read as a CRL or an OCSP response: ${cause.message}`, { cause });
  }
}

function askNetwork(
  trust: TrustSet,
  io: CommandIo,
): { readonly source: RevocationSource; readonly close: () => Promise<void> } {
  const { ocspUrls, crls, timeoutMs, ocspMaxAgeMs, clockSkewMs } = revocationConfig(io);
  const addresses = [...ocspUrls, ...crls.flatMap(({ url, deltaUrl }) => [url, deltaUrl ?? url])];
  const transport = createTransport({ allowedHosts: addresses.map(hostOf) });
  const ladder = createRevocationLadder(
    {
      ocsp: ocspUrls.map((url) => ({ url })),
      crls: crls.map(({ url, deltaUrl }) => (deltaUrl === null ? { url } : { url, deltaUrl })),
      windows: { ocspMaxAgeMs, clockSkewMs, ocspTimeoutMs: timeoutMs },
      folder: null,
    },
    {
      transport,
      clock: io.now,
      random: (length) => new Uint8Array(randomBytes(length)),
      issuers: () => trust.entries.map(({ certificate }) => certificate),
      designated: (at) => designatedOcspAuthorities(trust, at),
    },
  );
  const close = async (): Promise<void> => {
    await ladder.close();
    transport.close();
  };
  return { source: ladder, close };
}

function revocationConfig(io: CommandIo): ReturnType<typeof loadConfig>['revocation'] {
  try {
    return loadConfig(io.env).revocation;
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new UsageError(`the configuration cannot be used:\n${cause.message}`, { cause });
  }
}

function firstAnswer(first: RevocationSource, second: RevocationSource): RevocationSource {
  return {
    async statusOf(certificate, issuer, at) {
      const finding = await first.statusOf(certificate, issuer, at);
      if (finding.status !== 'unavailable') return finding;
      const other = await second.statusOf(certificate, issuer, at);
      return other.status === 'unavailable' ? finding : other;
    },
  };
}
