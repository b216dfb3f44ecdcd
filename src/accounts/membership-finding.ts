import { type Account } from './account.js';
import { type AccountDirectory } from './directory.js';
import { type Bin, type Iin } from './national-number.js';

/** What a verified certificate, or a right password, says about who is at the door. */
export interface Claimant {
  readonly iin: Iin;
  /** From an employee's certificate; `null` for a personal certificate and for a password. */
  readonly bin: Bin | null;
  readonly method: 'eds' | 'password';
  /** The organisation the person chose, where they were asked. */
  readonly organisationId?: string | null;
  /** The only memberships the password is good for, where it is no word of the person's about any other. */
  readonly confinedTo?: readonly string[] | null;
}

export type MembershipFinding =
  | { readonly outcome: 'found'; readonly account: Account }
  /** Several organisations would have this person: they must choose. */
  | { readonly outcome: 'choice-required'; readonly choices: readonly Account[] }
  | { readonly outcome: 'none'; readonly reason: NoAccountReason; readonly account: null }
  | { readonly outcome: 'refused'; readonly reason: RefusedAccountReason; readonly account: Account };

type NoAccountReason = 'organisation-unknown' | 'person-unknown' | 'membership-absent';

export type RefusedAccountReason =
  | 'password-confined'
  | 'membership-removed'
  | 'membership-invited'
  | 'membership-requested'
  | 'organisation-suspended'
  | 'person-suspended'
  | 'membership-suspended'
  | 'personal-key-not-allowed'
  | 'password-not-allowed';

/**
 * Finds the account of somebody whose identity is already proved (design decision 8): the organisation by BIN and the person
 * by IIN, or, without a BIN, the person's own practice and the organisations that would have the person this way. Only `found` may
 * become a session.
 */
export async function findMembership(
  directory: Pick<AccountDirectory, 'accountsOf' | 'personByIin' | 'organisationByBin'>,
  claimant: Claimant,
): Promise<MembershipFinding> {
  const { iin, bin } = claimant;
  const accounts = await directory.accountsOf(iin);
  const belongs = ({ organisation }: Account): boolean =>
    (bin === null || organisation.bin === bin || organisation.branchBins.includes(bin)) &&
    (claimant.organisationId == null || organisation.id === claimant.organisationId);
  const candidates = accounts.filter(belongs);
  if (candidates.length === 0) {
    return { outcome: 'none', reason: await reasonForNone(directory, iin, bin), account: null };
  }
  const judged = candidates.map((account) => ({ account, reason: refusal(account, claimant) }));
  const open = judged.filter(({ reason }) => reason === null).map(({ account }) => account);
  const [only, another] = offered(open, claimant);
  if (only !== undefined) {
    return another === undefined
      ? { outcome: 'found', account: only }
      : { outcome: 'choice-required', choices: offered(open, claimant) };
  }
  // Nobody would have them. Name the obstacle nearest to being let in: it is the one somebody can remove.
  const [nearest] = judged.sort((a, b) => nearness(b.reason) - nearness(a.reason));
  if (nearest?.reason == null) throw new Error('unreachable: every candidate was refused for a reason');
  return { outcome: 'refused', reason: nearest.reason, account: nearest.account };
}

/**
 * Who knows an IIN can make a place for its person and take it, too. Such a place does not get in the way of the others: it is found by
 * who names it, by the key of its organisation, by the password that was set there, or where there is nothing else.
 */
function offered(open: readonly Account[], { organisationId, bin }: Claimant): readonly Account[] {
  const proved = open.filter(({ membership }) => !membership.provisional);
  return organisationId != null || bin !== null || proved.length === 0 ? open : proved;
}

const OBSTACLES: readonly RefusedAccountReason[] = [
  'password-confined',
  'membership-removed',
  'organisation-suspended',
  'person-suspended',
  'membership-suspended',
  'membership-requested',
  'membership-invited',
  'personal-key-not-allowed',
  'password-not-allowed',
];

function nearness(reason: RefusedAccountReason | null): number {
  return reason === null ? OBSTACLES.length : OBSTACLES.indexOf(reason);
}

function refusal(account: Account, claimant: Claimant): RefusedAccountReason | null {
  const { organisation, person, membership } = account;
  // Before anything else: nothing of an organisation is told to a password that is none of its concern.
  if (claimant.confinedTo != null && !claimant.confinedTo.includes(membership.id)) return 'password-confined';
  if (membership.status === 'removed') return 'membership-removed';
  if (organisation.status !== 'active') return 'organisation-suspended';
  if (person.status !== 'active') return 'person-suspended';
  if (membership.status !== 'active') return `membership-${membership.status}`;
  if (claimant.method === 'password')
    return organisation.settings.allowPasswords ? null : 'password-not-allowed';
  if (claimant.bin !== null || organisation.ownerId === person.id) return null;
  return organisation.settings.allowPersonalKeys ? null : 'personal-key-not-allowed';
}

async function reasonForNone(
  directory: Pick<AccountDirectory, 'personByIin' | 'organisationByBin'>,
  iin: Iin,
  bin: Bin | null,
): Promise<NoAccountReason> {
  if (bin !== null && (await directory.organisationByBin(bin)) === null) return 'organisation-unknown';
  return (await directory.personByIin(iin)) === null ? 'person-unknown' : 'membership-absent';
}
