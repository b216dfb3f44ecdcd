export type AccountErrorCode =
  | 'ORGANISATION_BIN_TAKEN'
  | 'ORGANISATION_UNKNOWN'
  | 'ORGANISATION_KIND'
  | 'ORGANISATION_NOT_MERGEABLE'
  | 'BRANCH_UNKNOWN'
  | 'BIN_CLAIM_UNKNOWN'
  | 'BIN_CLAIM_STATUS'
  | 'BIN_CLAIM_HEAD_REQUIRED'
  | 'PERSON_UNKNOWN'
  | 'MEMBERSHIP_EXISTS'
  | 'MEMBERSHIP_UNKNOWN'
  | 'MEMBERSHIP_STATUS'
  | 'MEMBERSHIP_UNCONFIRMED'
  | 'LAST_MANAGER'
  | 'LAST_ADMINISTRATOR'
  | 'ROLE_MALFORMED'
  | 'ROLE_UNKNOWN'
  | 'ROLE_UNDEFINED'
  | 'ROLE_EXISTS'
  | 'ROLE_BUILT_IN'
  | 'ROLE_IN_USE'
  | 'ROLE_LIMIT'
  | 'PERMISSION_MALFORMED'
  | 'PERMISSION_DENIED'
  | 'AUTHORITY_EXCEEDED'
  | 'INVITATION_LIMIT'
  | 'INVITATION_UNKNOWN'
  | 'INVITATION_EXPIRED'
  | 'INVITATION_USED'
  | 'INVITATION_REVOKED'
  | 'INVITATION_OTHER_PERSON'
  | 'CERTIFICATE_BINDING_UNKNOWN'
  | 'CERTIFICATE_BINDING_STATUS'
  | 'SETTINGS_MALFORMED'
  | 'CURSOR_MALFORMED'
  | 'CONTACT_MALFORMED'
  | 'NAME_MALFORMED'
  | 'PASSWORD_RULES_BROKEN';

/** A change to the accounts that cannot be made. Messages never carry personal data. */
export class AccountError extends Error {
  override readonly name = 'AccountError';
  readonly code: AccountErrorCode;

  constructor(code: AccountErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
