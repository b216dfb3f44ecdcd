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
    await eachPiece(request, (piece) => {
      length += piece.length;
      if (length > limit) return false;
      pieces.push(piece);
      return true;
    });
    const [only] = pieces;
    if (length <= limit)
      return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces, length);
  }
  pieces.length = 0;
  await drain(request);
  throw new Problem('REQUEST_TOO_LARGE', { headers: { Connection: 'close' } });
}

/** Reads and forgets. */
async function drain(request: IncomingMessage): Promise<void> {
  let length = 0;
  await eachPiece(request, (piece) => {
    length += piece.length;
    return length <= DRAIN_LIMIT;
  });
}

/**
 * Hands over the pieces of a body until its end or until `take` wants no more. The request stays as it is then, since its answer is still
 * to be sent.
 *
 * @throws Problem `REQUEST_MALFORMED` where the body breaks off
 */
function eachPiece(request: IncomingMessage, take: (piece: Uint8Array) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
    };
    const onData = (piece: Uint8Array): void => {
      if (take(piece)) return;
      stop();
      request.pause();
      resolve();
    };
    const onEnd = (): void => {
      stop();
      resolve();
    };
    const onBroken = (cause?: Error): void => {
      stop();
      reject(new Problem('REQUEST_MALFORMED', { cause }));
    };
    if (request.readableEnded) resolve();
    else if (request.destroyed) onBroken();
    else request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken).resume();
  });
}
