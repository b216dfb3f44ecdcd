/** What is written down about requests that failed on our side: the whole story once, and then how often it happened again. */
import { type Log } from '../../telemetry/log.js';

export interface FailureLog {
  /**
   * Takes one failed request.
   *
   * @param code what the answer says
   * @returns where it happened, for the line of the request: it leads to the story that was written before
   */
  take(failure: { readonly requestId: string; readonly code: string; readonly error: unknown }): string;
}

const WINDOW_MS = 60_000;
/** Places at a time; a program has few that fail. What is beyond shares one. */
const PLACES_MAX = 100;
const CAUSES_MAX = 5;

/** The first failure of a place is told with its stack, those within a minute after it as a number at the end of that minute. */
export function createFailureLog(log: Log): FailureLog {
  const again = new Map<string, number>();
  return {
    take({ requestId, code, error }) {
      const place = placeOf(error);
      const known = again.size >= PLACES_MAX && !again.has(place) ? 'elsewhere' : place;
      const count = again.get(known);
      if (count !== undefined) {
        again.set(known, count + 1);
        return place;
      }
      again.set(known, 0);
      const timer = setTimeout(() => {
        const times = again.get(known) ?? 0;
        again.delete(known);
        if (times > 0) log.error({ code, place: known, times }, 'requests failed again in the same place');
      }, WINDOW_MS);
      timer.unref();
      log.error({ requestId, code, place, err: error }, 'a request failed');
      return place;
    },
  };
}

/** Where the first cause was thrown: the code of its error, and file and line of ours. */
function placeOf(error: unknown): string {
  let first = error;
  for (let depth = 0; depth < CAUSES_MAX && isObject(first) && first.cause !== undefined; depth += 1)
    first = first.cause;
  if (!isObject(first)) return typeof first;
  const { name, code, stack } = first;
  const frames = typeof stack === 'string' ? stack.split('\n').filter((line) => /^\s+at /.test(line)) : [];
  const ours = frames.find((line) => !/node_modules|node:/.test(line)) ?? '';
  const [, where = ''] = /((?:[\w.-]+\/){0,2}[\w.-]+\.[jt]s:\d+:\d+)\)?$/.exec(ours) ?? [];
  return [typeof code === 'string' ? code : String(name), where].filter((part) => part !== '').join(' ');
}

function isObject(value: unknown): value is {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly stack?: unknown;
  readonly cause?: unknown;
} {
  return typeof value === 'object' && value !== null;
}
