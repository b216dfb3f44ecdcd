/** Questions put to one thread, and what it has not answered yet. */
import { type Worker } from 'node:worker_threads';
import { type TrustSet } from '../eds/trust-set.js';
import { type FromThread, postedTrust, type ToThread } from './protocol.js';
import { type Task } from './task.js';
import { unavailable, type VerdictUnavailable } from './verdicts.js';

/** A question without an answer yet. */
export interface Pending {
  readonly settle: (message: FromThread) => void;
  readonly fail: (error: VerdictUnavailable) => void;
  readonly trust: TrustSet;
  readonly task: boolean;
  readonly document: boolean;
  /** Questions about revocation without an answer yet. */
  asks: number;
}

/** A thread and what it has not answered yet. */
export interface Conversation {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
  nextId: number;
  /** The trust the thread has. */
  posted: TrustSet | null;
  endCode: VerdictUnavailable['code'];
  cause: Error | null;
  /** Computing time that the tasks in it may take beyond the usual, in milliseconds. */
  allowanceMs: number;
  lastWord: number;
  suspected: boolean;
}

/** How many questions are of a kind. */
export function count({ pending }: Conversation, counts: (one: Pending) => boolean): number {
  let found = 0;
  for (const one of pending.values()) if (counts(one)) found += 1;
  return found;
}

/** How many the thread computes, or has lying in front of it. */
export function computing(talk: Conversation): number {
  return count(talk, ({ asks }) => asks === 0);
}

export function post({ worker }: Conversation, message: ToThread, moved: ArrayBuffer[] = []): void {
  worker.postMessage(message, moved);
}

/** Posts the trust first, where the thread has another. */
function putUnder(talk: Conversation, trust: TrustSet): void {
  if (talk.posted === trust) return;
  post(talk, { kind: 'trust', trust: postedTrust(trust) });
  talk.posted = trust;
}

/** Posts a question and waits for its answer. @throws VerdictUnavailable */
export function ask<Answer extends FromThread>(
  talk: Conversation,
  question: {
    readonly trust: TrustSet;
    readonly task: Task | null;
    readonly answer: Answer['kind'];
    readonly message: (id: number) => ToThread;
    readonly moved?: ArrayBuffer[];
  },
): Promise<Answer> {
  const { trust, task, answer: kind, message, moved } = question;
  return new Promise((resolve, reject) => {
    const id = talk.nextId;
    talk.nextId += 1;
    if (computing(talk) === 0) talk.lastWord = performance.now();
    putUnder(talk, trust);
    post(talk, message(id), moved);
    talk.pending.set(id, {
      trust,
      task: task !== null,
      document: task?.policy.name === 'document',
      asks: 0,
      fail: reject,
      settle(answer) {
        if (answer.kind === kind) resolve(answer as Answer);
        else if (answer.kind === 'failure') {
          reject(unavailable(Object.assign(new Error(answer.error.message), answer.error)));
        }
      },
    });
  });
}

/** Whether it has computed for longer than allowed without a word: twice in a row is a yes. */
export function isStuck(talk: Conversation, stuckMs: number): boolean {
  const silent = performance.now() - talk.lastWord > stuckMs + talk.allowanceMs;
  const stuck = silent && computing(talk) > 0;
  // Its word may lie unread where this thread was the one that stood still.
  const confirmed = stuck && talk.suspected;
  talk.suspected = stuck;
  return confirmed;
}
