import { type Log } from './log.js';

/** Lines that would be written again and again while something lasts: the first at once, then a number a minute. */
export interface Repeats {
  /**
   * Writes the line if it is the first of its kind, and counts it otherwise.
   *
   * @param kind what counts as the same; from a closed list or a bounded one
   */
  note(kind: string, line: RepeatedLine): void;
  /**
   * Writes how often each kind came again since the last time, and forgets those that did not. To be called once a minute, and before the
   * log is closed.
   */
  tell(): void;
}

export interface RepeatedLine {
  readonly level: 'warn' | 'error';
  /** What stands in the first line only. */
  readonly once: object;
  /** What stands in the number's line as well. */
  readonly always: object;
  readonly message: string;
  /** Which of several it concerned; those of the minute are listed with the number. */
  readonly which?: string;
}

interface Counter {
  line: RepeatedLine;
  times: number;
  readonly which: Set<string>;
}

/** Kinds at a time; what is beyond shares one. */
const KINDS_MAX = 100;
const WHICH_MAX = 20;

export function createRepeats(log: Log): Repeats {
  const counters = new Map<string, Counter>();
  return {
    note(kind, line) {
      const known = counters.size >= KINDS_MAX && !counters.has(kind) ? '' : kind;
      const counter = counters.get(known);
      if (counter === undefined) {
        counters.set(known, { line, times: 0, which: new Set() });
        const { level, once, always, message, which } = line;
        log[level]({ ...always, ...(which === undefined ? {} : { which }), ...once }, message);
        return;
      }
      counter.line = line;
      counter.times += 1;
      if (line.which !== undefined && counter.which.size < WHICH_MAX) counter.which.add(line.which);
    },
    tell() {
      for (const [kind, { line, times, which }] of counters) {
        if (times === 0) {
          counters.delete(kind);
          continue;
        }
        const { level, always, message } = line;
        const several = which.size === 0 ? {} : { which: [...which] };
        log[level]({ ...(kind === '' ? {} : always), ...several, times }, `${message}, again`);
        counters.set(kind, { line, times: 0, which: new Set() });
      }
    },
  };
}
