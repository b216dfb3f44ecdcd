import { type Job } from '../jobs/job.js';
import { type Certificate } from '../eds/certificate/certificate.js';
import { type ReasonCode } from '../eds/error.js';
import { type CertIdHash, examineOcspResponse } from '../eds/ocsp/index.js';
import { createPathMemo } from '../eds/path/memo.js';
import {
  type CertificateInQuestion,
  type RevocationFinding,
  type RevocationSource,
} from '../eds/judgement/revocation.js';
import { createClimb } from './climb.js';
import { type CrlPoint, createCrlStore } from './crl-store.js';
import { RevocationConfigurationError } from './error.js';
import { type RevocationObserver } from './event.js';
import { createOcspClient, type OcspExaminer, type OcspResponder } from './ocsp-client.js';
import { createListRung } from './list-rung.js';
import { createOcspRung, NO_RESPONDERS, type OcspRung } from './ocsp-rung.js';
import { decisiveOf, isAuthority, isCodes, tellFound } from './rung.js';
import { hostOf, type Transport } from './transport.js';

/** How long answers count and how long they are waited for, all in milliseconds. */
interface RevocationWindows {
  /** Greatest age of a fresh OCSP answer without nextUpdate. Default 5 minutes. */
  readonly ocspMaxAgeMs?: number;
  /** How long an OCSP answer may stand in while no responder can be reached, never past its nextUpdate. Default 10 minutes; 0 = never. */
  readonly ocspCacheMs?: number;
  /**
   * How long an OCSP answer is reused without asking again, never past its nextUpdate or, where it has none, past `ocspMaxAgeMs`.
   * Default 0: every question is asked.
   */
  readonly reuseMs?: number;
  /** How long an OCSP answer about a CA certificate is reused without asking again. Default 10 minutes. */
  readonly authorityReuseMs?: number;
  /** Tolerated clock difference. Default 1 minute. */
  readonly clockSkewMs?: number;
  /** The whole exchange with one responder. Default 4 seconds. */
  readonly ocspTimeoutMs?: number;
  /** How long a caller waits for a CRL that is not in memory yet. Default 5 seconds. */
  readonly crlWaitMs?: number;
  /** The whole fetch of one CRL. Default 2 minutes. */
  readonly crlTimeoutMs?: number;
}

export interface RevocationConfiguration {
  /** Responders in the order in which they are asked. */
  readonly ocsp: readonly OcspResponder[];
  readonly crls: readonly CrlPoint[];
  readonly windows?: RevocationWindows;
  /** Default `sha256`. */
  readonly certIdHash?: CertIdHash;
  /** Default `refuse`: an answer without our nonce is no answer. */
  readonly missingNonce?: 'refuse' | 'accept';
  /** Folder in which CRLs survive a restart; `null` keeps them in memory only. */
  readonly folder: string | null;
  /** Greatest length of one CRL in bytes. Default 128 MiB. */
  readonly crlMaxBytes?: number;
  /** Which rung is tried first for certificates of CAs. НУЦ РК's roots publish CRLs and no OCSP, hence the default `crl`. */
  readonly authoritiesFirst?: 'crl' | 'ocsp';
}

/** What the ladder needs from outside. */
export interface RevocationSurroundings {
  /** Closed together with the ladder. */
  readonly transport: Transport;
  readonly clock: () => Date;
  /** Unpredictable octets: nonces. */
  readonly random: (length: number) => Uint8Array;
  /** The CA certificates trusted now: only their CRLs are accepted. Asked each time, so that a rotation needs no restart. */
  readonly issuers: () => readonly Certificate[];
  /** The CAs designated for OCSP at a time (`designatedOcspAuthorities`). Asked each time, like `issuers`. Default: none. */
  readonly designated?: (at: Date) => readonly Certificate[];
  /** Judges OCSP answers. Default: here and now. */
  readonly examine?: OcspExaminer;
  /** The trust in force, whatever it is: when it is another, answers kept under the old one are forgotten. */
  readonly standing?: () => unknown;
  readonly onEvent?: RevocationObserver;
}

/** A revocation source that asks the network. Has a lifetime: requests under way. */
export interface RevocationLadder extends RevocationSource {
  /**
   * What the lists in memory say, and an answer kept from before that speaks against the certificate, without waiting for anybody;
   * `unavailable` where there is none.
   */
  listed(certificate: CertificateInQuestion, issuer: Certificate, at: Date): Promise<RevocationFinding>;
  /** Reads the CRLs kept in the folder. Works without it, on demand. */
  restore(): Promise<void>;
  /** Refresh the CRLs ahead. Works without them, on demand. */
  readonly jobs: readonly Job[];
  /** Aborts what is under way. */
  close(): Promise<void>;
}

const DEFAULT_WINDOWS: Required<RevocationWindows> = {
  ocspMaxAgeMs: 5 * 60_000,
  ocspCacheMs: 10 * 60_000,
  reuseMs: 0,
  authorityReuseMs: 10 * 60_000,
  clockSkewMs: 60_000,
  ocspTimeoutMs: 4_000,
  crlWaitMs: 5_000,
  crlTimeoutMs: 120_000,
};

/**
 * Creates the revocation ladder (design decision 5): fresh OCSP → kept OCSP inside its window → signed CRL with its delta inside
 * nextUpdate → unavailable. The first rung with an answer ends the asking; with it the lists that are in memory already, and for
 * lists an answer that was kept, have their say: of all these the statement about the latest moment decides, and a lasting
 * revocation before all others (decision 13). For certificates of CAs the CRL comes first, unless configured otherwise.
 *
 * Freshness is judged at the later of now and the `at` of the question: evidence fetched now says more about a past moment than
 * evidence of that moment, and a question about the future needs evidence that still counts then. `revokedAt` lets the verifier
 * decide about the past.
 *
 * @throws RevocationConfigurationError where nobody could ever be asked, or an address is not http or https
 */
export function createRevocationLadder(
  configuration: RevocationConfiguration,
  surroundings: RevocationSurroundings,
): RevocationLadder {
  const {
    ocsp,
    crls,
    missingNonce = 'refuse',
    certIdHash = 'sha256',
    authoritiesFirst = 'crl',
  } = configuration;
  const {
    transport,
    clock,
    random,
    issuers,
    designated = () => [],
    examine = examineHere(),
    standing = () => null,
    onEvent = () => undefined,
  } = surroundings;
  if (ocsp.length === 0 && crls.length === 0) {
    throw new RevocationConfigurationError('revocation needs at least one OCSP responder or CRL');
  }
  for (const { url } of [...ocsp, ...crls]) hostOf(url);
  for (const { deltaUrl } of crls) if (deltaUrl !== undefined) hostOf(deltaUrl);
  const windows = { ...DEFAULT_WINDOWS, ...configuration.windows };
  if (Object.values(windows).some((window) => !Number.isFinite(window) || window < 0)) {
    throw new RevocationConfigurationError('a revocation window must be a number of milliseconds');
  }

  const { ocspMaxAgeMs, clockSkewMs } = windows;
  const client = createOcspClient({
    responders: ocsp,
    transport,
    random,
    examine,
    designated,
    certIdHash,
    window: { maxAgeMs: ocspMaxAgeMs, clockSkewMs, missingNonce },
    timeoutMs: windows.ocspTimeoutMs,
    onEvent,
  });
  const responders: OcspRung =
    ocsp.length === 0 ? NO_RESPONDERS : createOcspRung({ client, windows, clock, designated, standing });
  const store = createCrlStore({
    points: crls,
    folder: configuration.folder,
    transport,
    clock,
    random,
    issuers,
    clockSkewMs,
    timeoutMs: windows.crlTimeoutMs,
    maxBytes: configuration.crlMaxBytes ?? 128 * 1024 * 1024,
    onEvent,
  });
  const lists = createListRung({ store, clock, clockSkewMs, onEvent });

  const climb = createClimb({ responders, lists, crlWaitMs: crls.length === 0 ? null : windows.crlWaitMs });

  return {
    async statusOf(certificate, issuer, at) {
      const from = performance.now();
      const question = { certificate, issuer, at };
      const listsFirst = isAuthority(certificate) && authoritiesFirst === 'crl';
      const result = await climb(question, listsFirst);
      if (isCodes(result)) return { status: 'unavailable', source: 'none', code: mostSpecific(result) };
      tellFound(onEvent, result, from);
      return result.statement;
    },
    async listed(certificate, issuer, at) {
      const from = performance.now();
      const question = { certificate, issuer, at };
      const inForce = await lists.ask(question, 0);
      const kept = responders.kept(question);
      const result = decisiveOf([
        isCodes(inForce) ? null : inForce,
        // A list clears for longer than an answer; what a responder said against the certificate counts.
        kept?.statement.status === 'good' ? null : kept,
      ]);
      if (result === null) {
        const codes = isCodes(inForce) ? inForce : [];
        return { status: 'unavailable', source: 'crl', code: mostSpecific(codes) };
      }
      tellFound(onEvent, result, from);
      return result.statement;
    },
    restore: () => store.restore(),
    jobs: store.jobs,
    close() {
      transport.close();
      return Promise.resolve();
    },
  };
}

function examineHere(): OcspExaminer {
  const proved = createPathMemo(256);
  return (response, question, window, at, designated) =>
    examineOcspResponse(response, question, window, at, proved, designated);
}

/** What a responder said tells an operator more than that a list is missing; that nobody could be reached comes last. */
function mostSpecific(codes: readonly ReasonCode[]): ReasonCode {
  return (
    codes.find((code) => code.startsWith('OCSP_')) ??
    codes.find((code) => code !== 'REVOCATION_UNAVAILABLE') ??
    'REVOCATION_UNAVAILABLE'
  );
}
