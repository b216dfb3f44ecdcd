import { type Act } from '../audit/act.js';
import { type Session } from '../sessions/session.js';
import { confinementOf } from './confinement.js';
import { type Presence } from './presence.js';
import { endSession } from '../sign-in/session-end.js';
import { type SignInStorage, type SignInStores } from '../sign-in/stores.js';
import { orUnavailable } from '../sign-in/unit.js';

/** One of somebody's live sessions, as they see it. */
export interface OwnSession {
  readonly session: Session;
  /** `null` when they do not belong there any more. */
  readonly organisation: { readonly id: string; readonly name: string } | null;
  /** The one they are looking from. */
  readonly current: boolean;
}

/**
 * A person's own sessions, at every organisation of theirs, or at the only one their password opens. Nobody else's can be seen or
 * ended through this, and what ends is in the audit log, each by itself.
 */
export interface MySessions {
  /** Newest first. @throws LoginUnavailable */
  list(presence: Presence): Promise<readonly OwnSession[]>;
  /** False when the person has no live session of this identifier. @throws LoginUnavailable */
  end(presence: Presence, sessionId: string, act: Act): Promise<boolean>;
  /** Ends all but the one they are looking from; says how many. @throws LoginUnavailable */
  endOthers(presence: Presence, act: Act): Promise<number>;
  /** Ends this one as well. @throws LoginUnavailable */
  endAll(presence: Presence, act: Act): Promise<number>;
}

export function createMySessions(parts: {
  readonly storage: SignInStorage;
  readonly clock: () => Date;
}): MySessions {
  const { storage, clock } = parts;

  const sessionsOf = async (
    { sessions }: Pick<SignInStores, 'sessions'>,
    { session }: Presence,
    at: Date,
  ): Promise<readonly Session[]> => {
    const all = await sessions.list({ personId: session.personId }, at);
    const only = confinementOf(session);
    return only === null ? all : all.filter(({ organisationId }) => organisationId === only);
  };

  const end = (presence: Presence, act: Act, chosen: (session: Session) => boolean): Promise<number> =>
    orUnavailable(() =>
      storage.atomically(async (stores) => {
        let ended = 0;
        for (const session of await sessionsOf(stores, presence, act.at)) {
          if (chosen(session) && (await endSession(stores, session, act, 'ENDED_BY_PERSON'))) ended += 1;
        }
        return ended;
      }),
    );

  return {
    list: (presence) =>
      orUnavailable(async () => {
        const { session: current, account } = presence;
        const sessions = await sessionsOf(storage, presence, clock());
        const accounts = await storage.accounts.accountsOf(account.person.iin);
        return sessions.map((session) => {
          const found = accounts.find(({ organisation }) => organisation.id === session.organisationId);
          const organisation =
            found === undefined ? null : { id: found.organisation.id, name: found.organisation.name };
          return { session, organisation, current: session.id === current.id };
        });
      }),
    end: async (presence, sessionId, act) => (await end(presence, act, ({ id }) => id === sessionId)) > 0,
    endOthers: (presence, act) => end(presence, act, ({ id }) => id !== presence.session.id),
    endAll: (presence, act) => end(presence, act, () => true),
  };
}
