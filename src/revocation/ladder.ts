import { type Certificate } from '../eds/certificate/certificate.js';
import { type RevocationSource } from '../eds/revocation.js';
import { type CertIdHash } from '../eds/ocsp/question.js';
import { type RevocationObserver } from './event.js';
import { type Transport } from './transport.js';

/** One OCSP responder. */
export interface OcspResponder {
  readonly url: string;
  /** SHA-256 (lower-case hex) of the issuers it speaks for. Absent: it is asked about everything. */
  readonly issuers?: readonly string[];
}

/** One CRL distribution point: a full list and, where the issuer publishes one, its delta list. */
export interface CrlPoint {
  readonly url: string;
  readonly deltaUrl?: string;
}

export interface RevocationWindows {
  /** Greatest age of a fresh OCSP answer without nextUpdate. Default 5 minutes. */
  readonly ocspMaxAgeMs?: number;
  /** How long an OCSP answer may stand in while no responder can be reached, never past its nextUpdate. Default 10 minutes; 0 = never. */
  readonly ocspCacheMs?: number;
  /** How long an answer about a CA certificate is reused without asking again. Default 10 minutes. */
  readonly authorityReuseMs?: number;
  /** Tolerated clock difference. Default 1 minute. */
  readonly clockSkewMs?: number;
  /** How long a caller waits for a CRL that is not in memory yet. Default 5 seconds. */
  readonly crlWaitMs?: number;
}

export interface RevocationConfiguration {
  /** Responders in the order in which they are asked. */
  readonly ocsp: readonly OcspResponder[];
  readonly crls: readonly CrlPoint[];
  readonly windows?: RevocationWindows;
  readonly certIdHash?: CertIdHash;
  /** Default `refuse`: an answer without our nonce is no answer. */
  readonly missingNonce?: 'refuse' | 'accept';
  /** Folder in which CRLs survive a restart; `null` keeps them in memory only. */
  readonly folder: string | null;
  /** Which rung is tried first for certificates of CAs. НУЦ РК's roots publish CRLs and no OCSP, hence the default `crl`. */
  readonly authoritiesFirst?: 'crl' | 'ocsp';
}

/** What the ladder needs from outside. */
export interface RevocationSurroundings {
  readonly transport: Transport;
  readonly clock: () => Date;
  readonly random: (length: number) => Uint8Array;
  /** The CA certificates trusted now: only their CRLs are accepted. Asked each time, so that a rotation needs no restart. */
  readonly issuers: () => readonly Certificate[];
  readonly onEvent?: RevocationObserver;
}

/** A revocation source that asks the network. Has a lifetime: refresh timers and requests under way. */
export interface RevocationLadder extends RevocationSource {
  /** Reads the CRLs kept in the folder and begins to refresh ahead. Resolves when the folder is read. Works without it, on demand. */
  start(): Promise<void>;
  /** Stops timers and aborts what is under way. */
  close(): Promise<void>;
}
