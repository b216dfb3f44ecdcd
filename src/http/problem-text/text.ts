/** A signature, the certificate it was made with, and the challenge it answers. */
export type SignatureSituation =
  | 'signature-unreadable'
  | 'signature-other-kind'
  | 'signature-not-supported'
  | 'signature-too-large'
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
  | 'certificate-on-hold'
  | 'certificate-not-issued'
  | 'certificate-unknown'
  | 'revocation-unavailable'
  | 'revocation-untrustworthy'
  | 'timestamp-invalid'
  | 'timestamp-required'
  | 'identity-no-iin'
  | 'identity-malformed'
  | 'identity-not-a-person'
  | 'challenge-unknown'
  | 'challenge-expired'
  | 'challenge-used'
  | 'challenge-other-browser';

/** People, how they come to belong here, and their passwords. */
export type AccountSituation =
  | 'account-none'
  | 'account-blocked'
  | 'account-suspended'
  | 'account-invited'
  | 'account-requested'
  | 'account-certificate-pending'
  | 'account-certificate-revoked'
  | 'account-choice'
  | 'account-personal-key'
  | 'account-password-not-allowed'
  | 'password-wrong'
  | 'password-blocked'
  | 'password-current-wrong'
  | 'password-rules-broken'
  | 'registration-closed'
  | 'registration-limit'
  | 'registration-head-required'
  | 'registration-kind-required'
  | 'registration-kind-mismatch'
  | 'registration-already-member'
  | 'registration-other-organisation'
  | 'registration-name-unusable'
  | 'invitation-unknown'
  | 'invitation-used'
  | 'invitation-revoked'
  | 'invitation-expired'
  | 'invitation-other-person'
  | 'invitation-needs-eds'
  | 'terms-other-person'
  | 'terms-outdated'
  | 'contact-malformed';

/** What somebody who is in asks for, and requests as such. */
export type RequestSituation =
  | 'session-none'
  | 'obligations-pending'
  | 'permission-denied'
  | 'eds-session-required'
  | 'step-up-required'
  | 'step-up-other-person'
  | 'resource-unknown'
  | 'membership-exists'
  | 'membership-status'
  | 'membership-unconfirmed'
  | 'invitation-limit'
  | 'last-manager'
  | 'last-administrator'
  | 'authority-exceeded'
  | 'role-exists'
  | 'role-built-in'
  | 'role-in-use'
  | 'role-limit'
  | 'certificate-binding-status'
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
  | 'gateway-busy'
  | 'internal';

/** Every situation a person or program is told about, in words. Several codes may share one: they differ for us, not for the reader. */
export type Situation = SignatureSituation | AccountSituation | RequestSituation;

export interface SituationText {
  /** What happened, in one short sentence. */
  readonly title: string;
  /** What to do next. */
  readonly detail: string;
}

export type SituationTexts<Some extends Situation = Situation> = Readonly<Record<Some, SituationText>>;
