import { type AccountErrorCode } from '../../accounts/account.js';
import { Problem, type ProblemCode } from './problem.js';

/** What a change that cannot be made is told as. An identifier of another organisation is told as one of nobody's. */
const TOLD: Partial<Readonly<Record<AccountErrorCode, ProblemCode>>> = {
  ORGANISATION_UNKNOWN: 'RESOURCE_UNKNOWN',
  BRANCH_UNKNOWN: 'RESOURCE_UNKNOWN',
  BIN_CLAIM_UNKNOWN: 'RESOURCE_UNKNOWN',
  BIN_CLAIM_STATUS: 'BIN_CLAIM_STATUS',
  BIN_CLAIM_HEAD_REQUIRED: 'BIN_CLAIM_HEAD_REQUIRED',
  ORGANISATION_NOT_MERGEABLE: 'ORGANISATION_NOT_MERGEABLE',
  PERSON_UNKNOWN: 'RESOURCE_UNKNOWN',
  MEMBERSHIP_UNKNOWN: 'RESOURCE_UNKNOWN',
  ROLE_UNKNOWN: 'RESOURCE_UNKNOWN',
  INVITATION_UNKNOWN: 'RESOURCE_UNKNOWN',
  CERTIFICATE_BINDING_UNKNOWN: 'RESOURCE_UNKNOWN',
  MEMBERSHIP_EXISTS: 'MEMBERSHIP_EXISTS',
  MEMBERSHIP_STATUS: 'MEMBERSHIP_STATUS',
  MEMBERSHIP_UNCONFIRMED: 'MEMBERSHIP_UNCONFIRMED',
  LAST_MANAGER: 'LAST_MANAGER',
  LAST_ADMINISTRATOR: 'LAST_ADMINISTRATOR',
  PERMISSION_DENIED: 'PERMISSION_DENIED',
  AUTHORITY_EXCEEDED: 'AUTHORITY_EXCEEDED',
  ROLE_EXISTS: 'ROLE_EXISTS',
  ROLE_BUILT_IN: 'ROLE_BUILT_IN',
  ROLE_IN_USE: 'ROLE_IN_USE',
  ROLE_LIMIT: 'ROLE_LIMIT',
  INVITATION_LIMIT: 'INVITATION_LIMIT',
  INVITATION_USED: 'INVITATION_USED',
  INVITATION_REVOKED: 'INVITATION_REVOKED',
  CERTIFICATE_BINDING_STATUS: 'CERTIFICATE_BINDING_STATUS',
};

/** Where the mistake is in what was sent: the field, by the code of the complaint. */
const FIELDS: Partial<Readonly<Record<AccountErrorCode, string>>> = {
  ROLE_MALFORMED: 'role',
  ROLE_UNDEFINED: 'roles',
  PERMISSION_MALFORMED: 'permissions',
  NAME_MALFORMED: 'name',
  SETTINGS_MALFORMED: 'settings',
  CURSOR_MALFORMED: 'cursor',
  CONTACT_MALFORMED: 'contacts',
};

/** A refusal of the accounts as a problem, or null for one no caller can cause: a mistake of ours. */
export function accountProblem(error: {
  readonly code: AccountErrorCode;
  readonly message: string;
}): Problem | null {
  const code = TOLD[error.code];
  if (code !== undefined) return new Problem(code, { cause: error });
  const path = FIELDS[error.code];
  if (path === undefined) return null;
  // The messages of the accounts say what a field should be and never repeat it.
  return new Problem('REQUEST_INVALID', {
    cause: error,
    extensions: { errors: [{ path, problem: error.message }] },
  });
}
