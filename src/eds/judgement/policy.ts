/**
 * What a signature must satisfy beyond being mathematically right. There are exactly two kinds: a login proves that a person
 * answered one challenge now; a document proves who signed given bytes and when.
 */
export type VerificationPolicy = LoginPolicy | DocumentPolicy;

interface CommonPolicy {
  /** `required`: without an authoritative "good" there is no `TOTAL_PASSED`. `not-checked` is for offline inspection only. */
  readonly revocation: 'required' | 'not-checked';
  /** IIN and BIN control digits: НУЦ РК's own test identities fail them, so a failure is a warning unless this says `refuse`. */
  readonly checksums: 'warn' | 'refuse';
}

export interface LoginPolicy extends CommonPolicy {
  readonly name: 'login';
  /** The exact bytes of the challenge issued to this browser. Nothing else counts as signed. */
  readonly challenge: Uint8Array;
  /** When the challenge was issued: a signature over its nonce cannot be older than this. */
  readonly challengeIssuedAt: Date;
}

export interface DocumentPolicy extends CommonPolicy {
  readonly name: 'document';
  /** Without a valid time-stamp a signature is not proved. Default: a time-stamp may be missing, or prove nothing. */
  readonly requireTimestamp?: boolean;
}
