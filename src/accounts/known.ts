import { AccountError, type Organisation } from './account.js';
import { type AccountStore } from './store.js';

const UNKNOWN = {
  ORGANISATION_UNKNOWN: 'there is no such organisation',
  PERSON_UNKNOWN: 'there is no such person',
  MEMBERSHIP_UNKNOWN: 'there is no such membership',
  ROLE_UNKNOWN: 'there is no such role',
  INVITATION_UNKNOWN: 'there is no such invitation',
  CERTIFICATE_BINDING_UNKNOWN: 'no member came with such a certificate',
  BIN_CLAIM_UNKNOWN: 'there is no such claim',
} as const;

/** @throws AccountError `ORGANISATION_UNKNOWN` */
export async function organisationOf(
  { organisations }: Pick<AccountStore, 'organisations'>,
  id: string,
): Promise<Organisation> {
  return known(await organisations.organisationById(id), 'ORGANISATION_UNKNOWN');
}

/** What a store found. @throws AccountError with `code` where it found nothing */
export function known<T>(found: T | null, code: keyof typeof UNKNOWN): T {
  if (found === null) throw missing(code);
  return found;
}

export function missing(code: keyof typeof UNKNOWN): AccountError {
  return new AccountError(code, UNKNOWN[code]);
}
