import { type Session, type SessionOwner } from '../../sessions/session.js';
import { type SessionStore } from '../../sessions/store.js';
import { belongsTo, crowdIn, newestFirst } from './sessions.js';

/** Sessions in Redis as one unit of work sees them: what it does to them is done at its end, and can be taken back then. */
export interface UnitSessions extends SessionStore {
  /** Does it, in its order. What fails leaves done what came before: `undo` it. */
  apply(): Promise<void>;
  /** Takes back what was opened or moved. What was ended stays ended: errors make sessions shorter, never longer. */
  undo(): Promise<void>;
}

interface Step {
  readonly apply: () => Promise<unknown>;
  readonly undo?: () => Promise<unknown>;
}

/**
 * A unit may be run again when it collides with another, and Redis takes nothing back by itself: so nothing reaches Redis before everything
 * else of the unit has been done.
 *
 * @param turn waits until no other unit changes the sessions or the session named
 */
export function createUnitSessions(
  redis: SessionStore,
  turn: (of: `sessions:${string}` | `session:${string}`) => Promise<void>,
): UnitSessions {
  /** By token hash, as this unit has opened or changed them. */
  const held = new Map<string, Session>();
  const leftTokens = new Set<string>();
  const ended = new Set<string>();
  const steps: Step[] = [];
  const done: Step[] = [];

  const get = async (tokenHash: string): Promise<Session | null> => {
    if (leftTokens.has(tokenHash)) return null;
    const session = held.get(tokenHash) ?? (await redis.get(tokenHash));
    return session === null || ended.has(session.id) ? null : session;
  };
  /** The same when nobody else changes it any more. */
  const getForChange = async (tokenHash: string): Promise<Session | null> => {
    const found = await get(tokenHash);
    if (found === null || held.has(tokenHash)) return found;
    await turn(`session:${found.id}`);
    return get(tokenHash);
  };
  const listOf = async (owner: SessionOwner): Promise<readonly Session[]> => {
    const own = [...held.values()];
    const others = (await redis.listOf(owner)).filter(({ id }) => own.every((session) => session.id !== id));
    return [...others, ...own.filter((session) => belongsTo(session, owner))]
      .filter(({ id }) => !ended.has(id))
      .sort(newestFirst);
  };

  return {
    get,
    listOf,
    insert(tokenHash, session) {
      held.set(tokenHash, session);
      steps.push({
        apply: () => redis.insert(tokenHash, session),
        undo: () => redis.remove(tokenHash),
      });
      return Promise.resolve();
    },
    async use(tokenHash, now, markAfterMs) {
      if (held.has(tokenHash) || leftTokens.has(tokenHash)) return get(tokenHash);
      // A mark of use is no part of what the unit decides.
      const session = await redis.use(tokenHash, now, markAfterMs);
      return session === null || ended.has(session.id) ? null : session;
    },
    async move(oldTokenHash, newTokenHash, change) {
      const before = await getForChange(oldTokenHash);
      if (before === null) return false;
      const { obligations, stepUp } = change;
      held.delete(oldTokenHash);
      leftTokens.add(oldTokenHash);
      held.set(newTokenHash, { ...before, obligations, stepUp });
      steps.push({
        apply: () => redis.move(oldTokenHash, newTokenHash, change),
        undo: () => redis.move(newTokenHash, oldTokenHash, before),
      });
      return true;
    },
    async remove(tokenHash) {
      const session = await getForChange(tokenHash);
      if (session === null) return false;
      ended.add(session.id);
      steps.push({ apply: () => redis.remove(tokenHash) });
      return true;
    },
    async removeOne(owner, sessionId) {
      await turn(`session:${sessionId}`);
      if ((await listOf(owner)).every(({ id }) => id !== sessionId)) return false;
      ended.add(sessionId);
      steps.push({ apply: () => redis.removeOne(owner, sessionId) });
      return true;
    },
    async removeAllOf(owner, exceptSessionId) {
      const those = (await listOf(owner)).filter(({ id }) => id !== exceptSessionId);
      for (const { id } of those) ended.add(id);
      // Also where there was none: one may be opened until then.
      steps.push({ apply: () => redis.removeAllOf(owner, exceptSessionId) });
      return those.length;
    },
    async crowdOf(membershipId, keep, now) {
      await turn(`sessions:${membershipId}`);
      return crowdIn(await listOf({ membershipId }), keep, now);
    },
    certificates: (after, limit, now) => redis.certificates(after, limit, now),

    async apply() {
      for (const step of steps) {
        // Noted first: a command whose answer was lost may have been carried out.
        done.unshift(step);
        await step.apply();
      }
    },
    async undo() {
      // A new token was never handed out. What cannot be taken back now ends by itself.
      for (const { undo } of done) await undo?.().catch(() => undefined);
    },
  };
}
