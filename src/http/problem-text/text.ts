/** Every situation a person or program is told about, in words. Several codes may share one: they differ for us, not for the reader. */
export type Situation =
  | 'signature-unreadable'
  | 'signature-none'
  | 'signature-multiple'
  | 'signature-certificate-missing'
  | 'signature-inconsistent'
  | 'signature-content-missing'
  | 'signature-content-mismatch'
  | 'signature-algorithm'
  | 'signature-is-a-login'
  | 'signature-invalid'
  | 'certificate-untrusted'
  | 'certificate-purpose'
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'certificate-usage'
  | 'certificate-revoked'
  | 'certificate-not-issued'
  | 'certificate-unknown'
  | 'revocation-unavailable'
  | 'revocation-untrustworthy'
  | 'timestamp-invalid'
  | 'identity-no-iin'
  | 'identity-malformed'
  | 'identity-not-a-person'
  | 'challenge-unknown'
  | 'challenge-expired'
  | 'challenge-used'
  | 'challenge-other-browser'
  | 'account-none'
  | 'account-blocked'
  | 'account-suspended'
  | 'account-choice'
  | 'account-personal-key'
  | 'account-password-not-allowed'
  | 'password-wrong'
  | 'password-blocked'
  | 'session-none'
  | 'rate-limited'
  | 'client-unauthorised'
  | 'request-malformed'
  | 'request-invalid'
  | 'request-too-large'
  | 'request-media-type'
  | 'request-origin'
  | 'request-not-found'
  | 'request-method'
  | 'service-unavailable'
  | 'verifier-busy'
  | 'internal';

export interface SituationText {
  /** What happened, in one short sentence. */
  readonly title: string;
  /** What to do next. */
  readonly detail: string;
}

export type SituationTexts = Readonly<Record<Situation, SituationText>>;
