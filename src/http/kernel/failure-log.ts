import { type Repeats } from '../../telemetry/repeats.js';

const CAUSES_MAX = 5;

/**
 * Writes down a request that failed on our side: the first of a place with its whole story, then how often it happened again.
 *
 * @param code what the answer says
 * @returns where it happened, for the line of the request: it leads to the story that was written before
 */
export function noteFailure(
  repeats: Pick<Repeats, 'note'>,
  { requestId, code, error }: { readonly requestId: string; readonly code: string; readonly error: unknown },
): string {
  const place = placeOf(error);
  const line = { level: 'error', once: { requestId, err: error }, always: { code, place } } as const;
  repeats.note(`failure ${place}`, { ...line, message: 'a request failed' });
  return place;
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
