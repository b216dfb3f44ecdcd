import { type ReasonCode } from '../eds/error.js';
import { type RevocationStatement } from '../eds/judgement/revocation.js';
import { type TransportCode } from './error.js';

/** Where an answer was looked for. */
export type Rung = 'ocsp' | 'ocsp-cache' | 'crl';

/**
 * What happened while revocation was looked up, for metrics and logs. Carries hosts, codes and durations; never anything
 * out of a certificate.
 */
export type RevocationEvent =
  | {
      readonly kind: 'rung';
      readonly rung: Rung;
      /** Host and port that answered, `null` for what was answered from memory. */
      readonly host: string | null;
      readonly outcome: RevocationStatement['status'] | 'unavailable';
      /** Why nothing usable came out; `null` with an answer. */
      readonly code: ReasonCode | TransportCode | null;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'crl-refresh';
      readonly part: 'full' | 'delta';
      /** The last part of its address, as it is configured. */
      readonly list: string;
      readonly host: string;
      readonly origin: 'network' | 'folder';
      readonly outcome: 'replaced' | 'unchanged' | 'kept';
      /** Why the list was not replaced, or (`FOLDER_FAILED`) is in force but could not be kept; `null` otherwise. */
      readonly code: ReasonCode | TransportCode | 'FOLDER_FAILED' | null;
      readonly entries: number;
      readonly nextUpdate: Date | null;
      readonly durationMs: number;
    }
  | { readonly kind: 'circuit'; readonly host: string; readonly state: 'open' | 'half-open' | 'closed' };

/** Receives events. Must not throw; what it throws is not caught. */
export type RevocationObserver = (event: RevocationEvent) => void;
