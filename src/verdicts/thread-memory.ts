/** What threads that judge may take of the memory: a document made to exhaust it ends a thread and never the process (docs/decisions/0027). */

/**
 * Heap of one thread, in MB. The largest documents that are judged need 180 at the most (test/attack/hostile-documents.js); octets posted to
 * it are not counted.
 */
export const THREAD_HEAP_MB = 208;
/** Of which so much more for what is short-lived: V8's own choice is three times as much, held for good once a document has filled it. */
export const THREAD_YOUNG_MB = 16;
/** What the gateway takes besides: its own heap, bodies on their way, programs and libraries. */
const GATEWAY_MB = 288;
const MB = 1024 * 1024;

/**
 * How many threads should judge: one for each core but one, which is left to the event loop, as long as there is memory for the largest
 * document in each of them at a time. Never none: on one core as well, a thread that runs out of memory takes nothing along.
 */
export function suitableThreads(cores: number, memory: number): number {
  const room = Math.floor((memory / MB - GATEWAY_MB) / (THREAD_HEAP_MB + THREAD_YOUNG_MB));
  return Math.max(1, Math.min(cores - 1, room));
}
