import { type SessionStore } from '../../sessions/store.js';

/**
 * Runs a unit of work whose sessions are in Redis. When it fails, what it opened is ended and what it moved is moved back: a new token
 * was never handed out. What it ended stays ended.
 */
export async function undoingSessions<T>(
  sessions: SessionStore,
  unit: (sessions: SessionStore) => Promise<T>,
): Promise<T> {
  const undo: (() => Promise<unknown>)[] = [];
  const remembering: SessionStore = {
    ...sessions,
    async insert(tokenHash, session) {
      undo.unshift(() => sessions.remove(tokenHash));
      await sessions.insert(tokenHash, session);
    },
    async move(oldTokenHash, newTokenHash, change) {
      const before = await sessions.get(oldTokenHash);
      if (before === null) return false;
      undo.unshift(() => sessions.move(newTokenHash, oldTokenHash, before));
      return sessions.move(oldTokenHash, newTokenHash, change);
    },
  };
  try {
    return await unit(remembering);
  } catch (error) {
    // What cannot be taken back now ends by itself: the first error is the one to report.
    for (const step of undo) await step().catch(() => undefined);
    throw error;
  }
}
