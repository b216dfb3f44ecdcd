import { type Beat } from '../../src/jobs/beat.js';

/** A clock for jobs that stands still until it is moved. */
export interface ManualBeat extends Beat {
  /** Goes on by so many milliseconds, step by step: what is due on the way happens at its moment, and all it leads to at once. */
  pass(milliseconds: number): Promise<void>;
}

/**
 * @param onPass told of every step, for a system clock that goes along
 * @param busy whether something real is under way that the clock has to stand still for
 */
export function createManualBeat(
  onPass: (milliseconds: number) => void = () => undefined,
  busy: () => boolean = () => false,
): ManualBeat {
  let now = 0;
  let waiting: { readonly at: number; readonly act: () => void }[] = [];
  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < 5; quiet = busy() ? 0 : quiet + 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    now: () => now,
    after(milliseconds, act) {
      const entry = { at: now + milliseconds, act };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    async pass(milliseconds) {
      const until = now + milliseconds;
      await settle();
      for (;;) {
        const [next] = [...waiting].sort((a, b) => a.at - b.at);
        if (next === undefined || next.at > until) break;
        waiting = waiting.filter((other) => other !== next);
        onPass(next.at - now);
        now = next.at;
        next.act();
        await settle();
      }
      onPass(until - now);
      now = until;
      await settle();
    },
  };
}
