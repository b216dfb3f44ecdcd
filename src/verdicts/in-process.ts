import { prepareSignerKey } from '../eds/algorithms/gost-key.js';
import { kernelStatus } from '../eds/gost/index.js';
import { examineOcspResponse } from '../eds/ocsp/index.js';
import { type RevocationSource } from '../eds/judgement/revocation.js';
import { type TrustSet } from '../eds/trust-set.js';
import { type Engine } from './engine.js';
import { authoritiesToPrepare, type Grounds, layGrounds } from './grounds.js';
import { judgeTask } from './task.js';
import { unavailable } from './verdicts.js';

/**
 * Judges in the gateway's own thread, one task at a turn of the event loop, so that between two verdicts everything else has
 * its turn: for one core, where a second thread would only take time from the first.
 */
export function createInProcessEngine(options: {
  readonly revocation: RevocationSource;
  readonly trust: () => TrustSet;
  readonly onRoom: () => void;
}): Engine {
  const { revocation, trust, onRoom } = options;
  let grounds: Grounds | null = null;
  let computing = 0;
  let running = 0;
  let busyMs = 0;

  const groundsUnder = (set: TrustSet): Grounds => {
    if (grounds?.trust === set) return grounds;
    grounds = layGrounds(set);
    const keys = [...authoritiesToPrepare(set)];
    const prepareNext = (): void => {
      const key = grounds?.trust === set ? keys.shift() : undefined;
      if (key === undefined) return;
      prepareSignerKey(key);
      setImmediate(prepareNext);
    };
    setImmediate(prepareNext);
    return grounds;
  };
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  /** While a task waits for an answer, another may compute; it goes on at a turn of its own. */
  const givingRoom = (): RevocationSource => {
    let asks = 0;
    return {
      async statusOf(...question) {
        asks += 1;
        if (asks === 1) {
          computing -= 1;
          onRoom();
        }
        try {
          return await revocation.statusOf(...question);
        } finally {
          asks -= 1;
          if (asks === 0) {
            computing += 1;
            await turn();
          }
        }
      },
    };
  };

  return {
    hasRoom: () => computing === 0,
    async run(task, set) {
      computing += 1;
      running += 1;
      await turn();
      const from = performance.now();
      try {
        const { memo } = groundsUnder(set);
        const judging = judgeTask(task, { trust: set, memo, revocation: givingRoom() });
        busyMs += performance.now() - from;
        return await judging;
      } catch (error) {
        throw unavailable(error);
      } finally {
        computing -= 1;
        running -= 1;
        onRoom();
      }
    },
    examineOcsp: (response, question, window, at, designated) =>
      examineOcspResponse(response, question, window, at, groundsUnder(trust()).responders, designated),
    status: () => ({
      threads: 0,
      alive: 0,
      busy: computing > 0 ? 1 : 0,
      busySeconds: busyMs / 1000,
      restarts: 0,
      gost: [kernelStatus()],
    }),
    jobs: [],
    async close(graceMs) {
      const until = performance.now() + graceMs;
      while (running > 0 && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}
