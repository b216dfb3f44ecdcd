import { type IncomingMessage } from 'node:http';
import { Problem } from './problem.js';

/** How much of an oversized body is read and thrown away so that the sender gets to read our answer. */
const DRAIN_LIMIT = 64 * 1024 * 1024;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/**
 * Reads a JSON body of at most `limit` bytes. Only `application/json`, only UTF-8, only uncompressed: nothing can be bigger in memory than
 * it was on the wire.
 *
 * @throws Problem `REQUEST_MEDIA_TYPE`, `REQUEST_TOO_LARGE`, `REQUEST_MALFORMED`
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '') || encoding.toLowerCase() !== 'identity') {
    await drain(request);
    throw new Problem('REQUEST_MEDIA_TYPE', { headers: { Accept: 'application/json' } });
  }
  const octets = await collect(request, limit);
  try {
    // A byte order mark or a broken sequence is refused, not repaired: what was signed for must be what is read.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)) as unknown;
  } catch (cause) {
    throw new Problem('REQUEST_MALFORMED', {
      cause: cause instanceof Error ? new Error(cause.name) : undefined,
    });
  }
}

async function collect(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared <= limit) {
    for await (const piece of interruptible(request)) {
      length += piece.length;
      if (length > limit) break;
      pieces.push(piece);
    }
    if (length <= limit) return Buffer.concat(pieces, length);
  }
  pieces.length = 0;
  await drain(request);
  throw new Problem('REQUEST_TOO_LARGE', { headers: { Connection: 'close' } });
}

/** Reads and forgets. */
async function drain(request: IncomingMessage): Promise<void> {
  let length = 0;
  for await (const piece of interruptible(request)) {
    length += piece.length;
    if (length > DRAIN_LIMIT) return;
  }
}

/** The pieces of a body. Leaving the loop does not destroy the request, whose answer is still to be sent. */
async function* interruptible(request: IncomingMessage): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false })) yield piece as Uint8Array;
  } catch (cause) {
    throw new Problem('REQUEST_MALFORMED', { cause });
  }
}
