import { type IncomingMessage } from 'node:http';
import { BODY_LIMITS } from './body-limits.js';
import { type BodyPlace, noRoom } from './body-room.js';
import { createJsonScan, type JsonFault, type JsonScan } from './json-scan.js';
import { Problem } from './problem.js';

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

export interface JsonBody {
  readonly value: unknown;
  /** Whether it may hold characters no text has; false is certain. */
  readonly unusual: boolean;
}

/**
 * Reads a JSON body of at most `limit` bytes. Only `application/json`, only UTF-8, only uncompressed: nothing can be bigger in memory than
 * it was on the wire. It is looked through as it arrives, and what would be costly to parse is not kept (see `BODY_LIMITS`).
 *
 * @param place takes the room the body needs, as it comes
 * @throws Problem `REQUEST_MEDIA_TYPE`, `REQUEST_TOO_LARGE`, `REQUEST_MALFORMED`, `REQUEST_INVALID`, `GATEWAY_BUSY`
 */
export async function readJson(request: IncomingMessage, limit: number, place: BodyPlace): Promise<JsonBody> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '') || encoding.toLowerCase() !== 'identity') {
    await drain(request);
    throw new Problem('REQUEST_MEDIA_TYPE', { headers: { Accept: 'application/json' } });
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw await tooLarge(request);
  const scan = createJsonScan();
  const text = await collect(request, limit, scan, place);
  place.complete();
  try {
    return { value: JSON.parse(text), unusual: scan.unusual };
  } catch (cause) {
    throw malformed(cause);
  }
}

/** The text of a body. A byte order mark or a broken sequence is refused, not repaired: what was signed for must be what is read. */
async function collect(
  request: IncomingMessage,
  limit: number,
  scan: JsonScan,
  place: BodyPlace,
): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const pieces: string[] = [];
  let length = 0;
  let refusal = null as 'too-large' | 'broken' | JsonFault | null;
  const take = (piece: Uint8Array): boolean => {
    length += piece.length;
    refusal = length > limit ? 'too-large' : scan.take(piece);
    if (refusal !== null) return false;
    place.grow(piece.length);
    try {
      pieces.push(decoder.decode(piece, { stream: true }));
      return true;
    } catch {
      refusal = 'broken';
      return false;
    }
  };
  await eachPiece(request, take, place.dropped);
  if (refusal === null) {
    try {
      return pieces.join('') + decoder.decode();
    } catch (cause) {
      throw malformed(cause);
    }
  }
  pieces.length = 0;
  place.leave();
  if (refusal === 'too-large') throw await tooLarge(request);
  await drain(request);
  throw refusal === 'broken' ? malformed() : tooMuch(refusal);
}

async function tooLarge(request: IncomingMessage): Promise<Problem> {
  await drain(request);
  return new Problem('REQUEST_TOO_LARGE', { headers: { Connection: 'close' } });
}

/** The parser's own words quote what it could not read. */
function malformed(cause?: unknown): Problem {
  const named = cause instanceof Error ? new Error(cause.name) : undefined;
  return new Problem('REQUEST_MALFORMED', { cause: named });
}

const TOO_MUCH: Readonly<Record<JsonFault, string>> = {
  depth: `nests deeper than ${BODY_LIMITS.depth} levels`,
  values: `holds more than ${BODY_LIMITS.values} values`,
  name: `has a field whose name is longer than ${BODY_LIMITS.nameOctets} octets`,
  number: `has a number longer than ${BODY_LIMITS.numberOctets} octets`,
};

function tooMuch(fault: JsonFault): Problem {
  return new Problem('REQUEST_INVALID', { extensions: { errors: [{ path: '', problem: TOO_MUCH[fault] }] } });
}

/** Reads and forgets. */
async function drain(request: IncomingMessage): Promise<void> {
  let length = 0;
  await eachPiece(request, (piece) => {
    length += piece.length;
    return length <= BODY_LIMITS.drained;
  });
}

/**
 * Hands over the pieces of a body until its end or until `take` wants no more. The request stays as it is then, since its answer is still
 * to be sent.
 *
 * @param dropped when no more is waited for
 * @throws Problem `REQUEST_MALFORMED` where the body breaks off, `GATEWAY_BUSY` where it was dropped; what `take` throws
 */
function eachPiece(
  request: IncomingMessage,
  take: (piece: Uint8Array) => boolean,
  dropped?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      dropped?.removeEventListener('abort', onDropped);
    };
    const giveUp = (reason: Error): void => {
      stop();
      request.pause();
      reject(reason);
    };
    const onData = (piece: Uint8Array): void => {
      try {
        if (take(piece)) return;
      } catch (error) {
        giveUp(error as Error);
        return;
      }
      stop();
      request.pause();
      resolve();
    };
    const onDropped = (): void => {
      giveUp(noRoom());
    };
    const onEnd = (): void => {
      stop();
      resolve();
    };
    const onBroken = (cause?: Error): void => {
      stop();
      reject(new Problem('REQUEST_MALFORMED', { cause }));
    };
    dropped?.addEventListener('abort', onDropped);
    if (request.readableEnded) onEnd();
    else if (request.destroyed) onBroken();
    else request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken).resume();
  });
}
