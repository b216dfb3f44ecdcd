import { type VerificationPolicy } from '../eds/judgement/policy.js';
import { type TrustSet } from '../eds/trust-set.js';
import { type Engine } from './engine.js';
import { createPlaces, type Lane, type LaneLimits } from './places.js';
import { sizeOf, type Task } from './task.js';
import {
  type LoginVerdict,
  unavailable,
  type Verdicts,
  VerdictUnavailable,
  type VerdictUnavailableCode,
} from './verdicts.js';

/** One question on its way out, for metrics. */
export interface VerdictEvent {
  readonly kind: 'verdict';
  readonly lane: Lane;
  /** `none` with a report, whatever it says. */
  readonly code: VerdictUnavailableCode | 'none';
  /** From the question to its turn, and from there to the end; 0 where it never came to that. */
  readonly waitedMs: number;
  readonly tookMs: number;
}

export interface QueueOptions {
  /** The engine, given what to call when it has room. */
  readonly engine: Engine;
  /** The trust in force; another object is another trust. */
  readonly trust: () => TrustSet;
  readonly clock: () => Date;
  readonly checksums: VerificationPolicy['checksums'];
  readonly limits: Readonly<Record<Lane, LaneLimits>>;
  /** Longest time from the question to its verdict, revocation included, in milliseconds. */
  readonly deadlineMs: number;
  readonly onEvent: (event: VerdictEvent) => void;
}

export interface VerdictQueue extends Verdicts {
  /** To be called whenever the engine has room. */
  advance(): void;
  /** Questions without a turn yet. */
  waiting(lane: Lane): number;
  /** Sends away those without a turn and whoever comes. */
  close(): void;
}

/** Whoever changes trust so often that no verdict is given under one set has other worries. */
const ATTEMPTS = 3;

/** Puts questions in a bounded queue in front of an engine. */
export function createVerdictQueue(options: QueueOptions): VerdictQueue {
  const { engine, trust, clock, checksums, deadlineMs, onEvent } = options;
  const places = createPlaces(options.limits, () => engine.hasRoom());

  /** One turn, under the trust that is in force when it comes. */
  const takeTurn = (
    lane: Lane,
    work: (set: TrustSet) => Promise<LoginVerdict>,
    onTurn: () => void,
  ): {
    readonly result: Promise<{ readonly set: TrustSet; readonly verdict: LoginVerdict }>;
    readonly leave: () => void;
  } => {
    let leave = (): void => undefined;
    const result = new Promise<{ set: TrustSet; verdict: LoginVerdict }>((resolve, refuse) => {
      leave = places.queue(lane, {
        begin() {
          onTurn();
          const set = trust();
          work(set).then((verdict) => {
            resolve({ set, verdict });
          }, refuse);
        },
        refuse,
      });
    });
    places.advance();
    return { result, leave };
  };

  const judge = async (lane: Lane, question: Omit<Task, 'at'>): Promise<LoginVerdict> => {
    const asked = performance.now();
    let begun: number | null = null;
    const tell = (code: VerdictEvent['code']): void => {
      const now = performance.now();
      onEvent({
        kind: 'verdict',
        lane,
        code,
        waitedMs: (begun ?? now) - asked,
        tookMs: begun === null ? 0 : now - begun,
      });
    };
    const deadline = after(deadlineMs);
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const { result, leave } = takeTurn(
          lane,
          (set) => engine.run({ ...question, at: clock() }, set),
          () => {
            begun ??= performance.now();
          },
        );
        const { set, verdict } = await Promise.race([result, deadline.passed]).finally(leave);
        // Revocation is judged under the trust in force. Where that changed meanwhile, the verdict would rest on two.
        if (trust() === set) {
          tell('none');
          return verdict;
        }
      }
      throw new VerdictUnavailable('VERIFIER_BUSY', 'trust changes faster than verdicts can be given');
    } catch (error) {
      const reason = unavailable(error);
      tell(reason.code);
      throw reason;
    } finally {
      deadline.cancel();
    }
  };

  /** Holds a place for as long as `use` runs. */
  const holding = async <T>(lane: Lane, octets: number, use: () => Promise<T>): Promise<T> => {
    let giveBack: () => void;
    try {
      giveBack = places.hold(lane, octets);
    } catch (error) {
      onEvent({ kind: 'verdict', lane, code: unavailable(error).code, waitedMs: 0, tookMs: 0 });
      throw error;
    }
    try {
      return await use();
    } finally {
      giveBack();
    }
  };

  return {
    withPlace: (octets, proceed) =>
      holding('login', octets, () =>
        proceed(({ signature, challenge, challengeIssuedAt }) =>
          judge('login', {
            signature,
            content: null,
            admit: 'cms',
            policy: { name: 'login', challenge, challengeIssuedAt, revocation: 'required', checksums },
          }),
        ),
      ),
    document: (question) =>
      holding('document', sizeOf(question), async () => {
        const { signature, content, format = 'auto', requireTimestamp = false } = question;
        const policy = { name: 'document', revocation: 'required', checksums, requireTimestamp } as const;
        const admit = format === 'auto' ? 'signatures' : format;
        return (await judge('document', { signature, content, admit, policy })).report;
      }),
    advance: () => {
      places.advance();
    },
    waiting: (lane) => places.waiting(lane),
    close: () => {
      places.close();
    },
  };
}

function after(milliseconds: number): { readonly passed: Promise<never>; readonly cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new VerdictUnavailable('VERIFIER_TIMEOUT', 'the verdict took too long'));
    }, milliseconds);
  });
  // Raced against, but not always waited for.
  passed.catch(() => undefined);
  return {
    passed,
    cancel: () => {
      clearTimeout(timer);
    },
  };
}
