/** Where somebody belongs, as they see it themselves, and the way out. */
import { type Account, AccountError, type Membership, type Organisation } from '../accounts/account.js';
import { type EndedAccess } from '../accounts/provisional.js';
import { type Act, byMember } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { type SignInStorage } from '../sign-in/stores.js';
import { orUnavailable } from '../sign-in/unit.js';
import { confinementOf } from './confinement.js';
import { type Presence } from './presence.js';

export interface OwnMembership {
  readonly membership: Membership;
  readonly organisation: Pick<Organisation, 'id' | 'name'>;
  /** The one this session is for. */
  readonly current: boolean;
}

/**
 * A person's own memberships; in a session by a provisional password, the one of its organisation. Another person's is unknown, as one of
 * nobody's.
 */
export interface OwnMemberships {
  /** All but those that are over, oldest first. @throws LoginUnavailable */
  list(presence: Presence): Promise<readonly OwnMembership[]>;
  /** What had been set up in the person's name without an EDS, and ended when this session began. @throws LoginUnavailable */
  endedWith(presence: Presence): Promise<readonly EndedAccess[]>;
  /**
   * The person says, in a session by their EDS, that they do belong where somebody took an invitation without one.
   *
   * @returns false in a session by a password
   * @throws AccountError `MEMBERSHIP_UNKNOWN`, `MEMBERSHIP_STATUS` for one that is not provisional
   */
  confirm(presence: Presence, membershipId: string, act: Act): Promise<boolean>;
  /**
   * Leaves an organisation, declines an invitation, or takes a request back. Sessions there end, this one as well if it is one.
   *
   * @throws AccountError `MEMBERSHIP_UNKNOWN`, `LAST_MANAGER`
   */
  leave(presence: Presence, membershipId: string, act: Act): Promise<void>;
}

export function createOwnMemberships({ storage }: { readonly storage: SignInStorage }): OwnMemberships {
  const accountsOf = async (
    { accounts }: Pick<SignInStorage, 'accounts'>,
    { session, account }: Presence,
  ): Promise<readonly Account[]> => {
    const only = confinementOf(session);
    const all = await accounts.accountsOf(account.person.iin);
    return all.filter(
      ({ membership: { status }, organisation }) =>
        status !== 'removed' && (only === null || organisation.id === only),
    );
  };

  const ownOf = async (
    stores: Pick<SignInStorage, 'accounts'>,
    presence: Presence,
    membershipId: string,
  ): Promise<Account> => {
    const found = (await accountsOf(stores, presence)).find(
      ({ membership }) => membership.id === membershipId,
    );
    if (found === undefined) throw new AccountError('MEMBERSHIP_UNKNOWN', 'this is no membership of theirs');
    return found;
  };

  return {
    list: (presence) =>
      orUnavailable(async () =>
        (await accountsOf(storage, presence)).map(({ membership, organisation: { id, name } }) => ({
          membership,
          organisation: { id, name },
          current: membership.id === presence.account.membership.id,
        })),
      ),

    endedWith: ({ session }) =>
      orUnavailable(async () =>
        session.method === 'eds' ? storage.provisional.endedSince(session.personId, session.createdAt) : [],
      ),

    async confirm(presence, membershipId, act) {
      if (presence.session.method !== 'eds') return false;
      await storage.atomically(async (stores) => {
        const { membership, organisation } = await ownOf(stores, presence, membershipId);
        if (!membership.provisional) {
          throw new AccountError('MEMBERSHIP_STATUS', 'this membership is not provisional');
        }
        await stores.accounts.confirmMembership(membershipId, act.at);
        const there = byMember(act, { membershipId, organisationId: organisation.id });
        const subject = { kind: 'membership', id: membershipId } as const;
        await record(stores.audit, there, 'membership.confirmed', { subject });
      });
      return true;
    },

    async leave(presence, membershipId, act) {
      const place = await ownOf(storage, presence, membershipId);
      await storage.atomically(async (stores) => {
        const { members, invitations } = stores.accounts.tenant(place.organisation.id);
        // The organisation's turn before the person's, and its own at once: of two who leave neither waits for the other.
        await members.get(membershipId);
        const { membership, organisation } = await ownOf(stores, presence, membershipId);
        const there = byMember(act, { membershipId, organisationId: organisation.id });
        await members.changeStatus(membershipId, 'removed', there.who, act.at);
        const details = {
          before: membership.status,
          sessionsEnded: await stores.sessions.endAllOf({ membershipId }),
          invitationsRevoked: await invitations.revokeAllOf(membershipId, act.at),
        };
        const subject = { kind: 'membership', id: membershipId } as const;
        await record(stores.audit, there, 'membership.left', { subject, details });
      });
    },
  };
}
