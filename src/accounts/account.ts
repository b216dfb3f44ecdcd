import { type Bin, type Iin } from './national-number.js';

export interface OrganisationSettings {
  /** May a member sign in with a personal certificate (IIN without BIN)? */
  readonly allowPersonalKeys: boolean;
  /** May a member sign in with IIN and password? */
  readonly allowPasswords: boolean;
}

export const DEFAULT_ORGANISATION_SETTINGS: OrganisationSettings = {
  allowPersonalKeys: false,
  allowPasswords: true,
};

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly bin: Bin;
  /** BINs of branches: their certificates belong to this organisation. */
  readonly branchBins: readonly Bin[];
  readonly status: 'active' | 'suspended';
  readonly settings: OrganisationSettings;
  readonly createdAt: Date;
}

export interface Person {
  readonly id: string;
  readonly iin: Iin;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  readonly createdAt: Date;
}

export type MembershipStatus = 'active' | 'suspended' | 'removed';

export interface Membership {
  readonly id: string;
  readonly organisationId: string;
  readonly personId: string;
  /** Sorted, without repetition; `manager` is built in. */
  readonly roles: readonly string[];
  readonly status: MembershipStatus;
  readonly since: Date;
  /** When it was removed, otherwise `null`. */
  readonly until: Date | null;
}

/** A person at an organisation: what a session is opened for. */
export interface Account {
  readonly organisation: Organisation;
  readonly person: Person;
  readonly membership: Membership;
}

/** A certificate somebody signed in with. */
export interface CertificateBinding {
  readonly membershipId: string;
  readonly certificateSha256: string;
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly notAfter: Date;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

export type AccountErrorCode =
  | 'ORGANISATION_BIN_TAKEN'
  | 'ORGANISATION_UNKNOWN'
  | 'PERSON_UNKNOWN'
  | 'MEMBERSHIP_EXISTS'
  | 'MEMBERSHIP_UNKNOWN'
  | 'ROLE_MALFORMED'
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
