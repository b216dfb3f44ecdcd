export interface CertificateCheck {
  /** What the last usable evidence speaks about; 1970 where there was none yet. */
  readonly checkedAt: Date;
  /** Until when somebody is finding out, or until when somebody tried in vain. */
  readonly claimedUntil: Date;
}

/**
 * The state of the certificates behind live sessions, shared by the instances so that each is asked about once and not by all of
 * them. Nothing rests on that: an instance that dies with a claim only lets it run out.
 */
export interface CertificateChecks {
  /** By SHA-256; a certificate nobody has looked at is not among them. */
  of(certificates: readonly string[]): Promise<ReadonlyMap<string, CertificateCheck>>;
  /** Takes those of the certificates that were not checked after `dueBefore` and that nobody has taken; says which. */
  claim(
    certificates: readonly string[],
    claim: { readonly dueBefore: Date; readonly now: Date; readonly until: Date },
  ): Promise<readonly string[]>;
  /** Gives claims back. `checkedAt` is what the evidence speaks about, `null` where there was none. */
  settle(
    results: readonly { readonly certificate: string; readonly checkedAt: Date | null }[],
    now: Date,
  ): Promise<void>;
}
