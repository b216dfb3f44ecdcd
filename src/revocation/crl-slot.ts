import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sameOctets } from '../eds/asn1/values.js';
import { createCrlScanner, type CrlIndex, type CrlRefusal, type CrlScanner } from '../eds/crl/index.js';
import { EdsError, type ReasonCode } from '../eds/error.js';
import { type Job, ToldFailure } from '../jobs/job.js';
import { TransportError, type TransportCode } from './error.js';
import { type RevocationEvent, type RevocationObserver } from './event.js';
import { hostOf, type Transport, type TransportHead } from './transport.js';

/** Where one list lives: its address, its file, the list in force. */
export interface CrlSlot {
  readonly host: string;
  readonly current: () => CrlIndex | null;
  /** The list in force and those it cannot take the place of: of the same second, without a lower number, and other than it. */
  readonly lists: () => readonly CrlIndex[];
  /** Reads what an earlier process kept. Verified as if it had just been fetched. */
  readonly restore: () => Promise<void>;
  /** Fetches the list; those who ask meanwhile share the fetch. Never throws. */
  readonly refresh: () => Promise<void>;
  /** Whether asking now may help: not shortly after a failure. */
  readonly mayRefresh: () => boolean;
  /** Refreshes ahead of nextUpdate. */
  readonly job: Job;
}

export interface CrlSlotOptions {
  readonly part: 'full' | 'delta';
  readonly url: string;
  /** `null`: memory only. */
  readonly file: string | null;
  readonly transport: Transport;
  readonly clock: () => Date;
  /** A number from 0 to 1, so that a hundred gateways do not fetch in the same second. */
  readonly jitter: () => number;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Whether a list may come into force. Asked before it replaces another. */
  readonly accept: (list: CrlIndex, current: CrlIndex | null) => CrlRefusal | null;
  readonly onEvent: RevocationObserver;
}

type FailureCode = ReasonCode | TransportCode | 'FOLDER_FAILED';

const PIECE = 64 * 1024;
const MINUTE = 60_000;
/** Lists of one second that are kept beside the one in force. */
const MOST_BESIDE = 3;
const LONGEST_WAIT_MS = { full: 6 * 60 * MINUTE, delta: 60 * MINUTE };
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 15 * MINUTE;

/** One list that is kept up to date: replaced as a whole or not at all. */
export function createCrlSlot(options: CrlSlotOptions): CrlSlot {
  const { part, url, file, transport, clock, jitter, timeoutMs, maxBytes, accept, onEvent } = options;
  const host = hostOf(url);
  let current: CrlIndex | null = null;
  let beside: readonly CrlIndex[] = [];
  let head: TransportHead | null = null;
  let underWay: Promise<void> | null = null;
  let failures = 0;
  let retryAt = 0;
  let dueAt = clock().getTime();

  const report = (
    origin: 'network' | 'folder',
    outcome: Extract<RevocationEvent, { kind: 'crl-refresh' }>['outcome'],
    code: FailureCode | null,
    from: number,
  ): void => {
    onEvent({
      kind: 'crl-refresh',
      part,
      list: nameOf(url),
      host,
      origin,
      outcome,
      code,
      entries: current?.size ?? 0,
      nextUpdate: current?.nextUpdate ?? null,
      durationMs: performance.now() - from,
    });
  };

  const putInForce = (list: CrlIndex): void => {
    beside = [...(current === null ? [] : [current]), ...beside]
      .filter((other) => contradicts(list, other))
      .slice(0, MOST_BESIDE);
    current = list;
  };

  const conditions = (): Record<string, string> => {
    // A list that has run out is fetched anew, whatever the server thinks has not changed.
    if (current === null || head === null || isExpired(current, clock())) return {};
    if (head.etag !== null) return { 'if-none-match': head.etag };
    return head.lastModified === null ? {} : { 'if-modified-since': head.lastModified };
  };

  const fetchList = async (): Promise<'replaced' | 'unchanged' | FailureCode> => {
    const keeping = file === null ? null : await openKeeping(file);
    try {
      const scanner = createCrlScanner();
      const received = await transport.exchange(
        {
          method: 'GET',
          url,
          headers: { accept: 'application/pkix-crl', ...conditions() },
          timeoutMs,
          maxBytes,
        },
        async (piece) => {
          await scanInPieces(scanner, piece);
          await keeping?.write(piece);
        },
      );
      if (received.status === 304) return 'unchanged';
      const list = scanner.finish();
      const refusal = accept(list, current);
      if (refusal !== null) return refusal;
      putInForce(list);
      head = received;
      return (await keeping?.commit()) === false ? 'FOLDER_FAILED' : 'replaced';
    } catch (error) {
      if (error instanceof TransportError) return error.code;
      if (error instanceof EdsError) return 'CRL_UNUSABLE';
      throw error;
    } finally {
      await keeping?.discard();
    }
  };

  const run = async (): Promise<void> => {
    const from = performance.now();
    const result = await fetchList();
    const settled = result === 'replaced' || result === 'unchanged' || result === 'FOLDER_FAILED';
    failures = settled ? 0 : failures + 1;
    const pause = Math.min(FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1), LONGEST_RETRY_MS);
    retryAt = settled ? 0 : clock().getTime() + pause * (0.75 + 0.5 * jitter());
    if (result === 'replaced' || result === 'unchanged') report('network', result, null, from);
    else report('network', settled ? 'replaced' : 'kept', result, from);
    plan();
  };

  const refresh = (): Promise<void> => {
    underWay ??= run().finally(() => {
      underWay = null;
    });
    return underWay;
  };

  /** A list that is read well before it runs out is there when it is needed. */
  const plan = (): void => {
    const now = clock().getTime();
    const left = (current?.nextUpdate?.getTime() ?? now) - now;
    const ahead = Math.min(Math.max(left * (0.5 + 0.3 * jitter()), MINUTE), LONGEST_WAIT_MS[part]);
    const wait = failures > 0 ? Math.max(retryAt - now, 1_000) : current === null ? 0 : ahead;
    dueAt = now + wait;
  };

  const job: Job = {
    name: 'crl-refresh',
    of: `${part} ${url}`,
    pace: { due: () => new Date(dueAt) },
    async run(signal) {
      // The fetch goes on at the stop until the transport is closed: a verdict may be waiting for it.
      await Promise.race([refresh(), once(signal, 'abort')]);
      signal.throwIfAborted();
      if (failures > 0) throw new ToldFailure('the list was not refreshed');
    },
  };

  return {
    host,
    current: () => current,
    lists: () => (current === null ? [] : [current, ...beside]),
    refresh,
    mayRefresh: () => underWay !== null || clock().getTime() >= retryAt,
    async restore() {
      if (file === null) return;
      const from = performance.now();
      const list = await readKept(file, maxBytes);
      if (list === null) return;
      const refusal = list === 'unreadable' ? 'CRL_UNUSABLE' : accept(list, current);
      if (list !== 'unreadable' && refusal === null) putInForce(list);
      report('folder', refusal === null ? 'replaced' : 'kept', refusal, from);
      plan();
    },
    job,
  };
}

/** The last part of an address, which tells the lists of one host apart. */
function nameOf(url: string): string {
  return new URL(url).pathname.split('/').at(-1) ?? '';
}

/** Whether it cannot be told which of two lists is the later, so that both count. */
function contradicts(list: CrlIndex, other: CrlIndex): boolean {
  const higher = list.number !== null && other.number !== null && list.number > other.number;
  return (
    list.thisUpdate.getTime() === other.thisUpdate.getTime() &&
    !higher &&
    !sameOctets(list.signature, other.signature)
  );
}

export function isExpired(list: CrlIndex, now: Date): boolean {
  return list.nextUpdate === null || now > list.nextUpdate;
}

/** Gives the event loop a turn after every piece: hashing twenty megabytes with Streebog takes more than a second. */
async function scanInPieces(scanner: CrlScanner, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; offset += PIECE) {
    scanner.push(bytes.subarray(offset, offset + PIECE));
    await nextTurn();
  }
}

async function readKept(file: string, maxBytes: number): Promise<CrlIndex | 'unreadable' | null> {
  const scanner = createCrlScanner();
  let length = 0;
  try {
    for await (const piece of createReadStream(file, { highWaterMark: PIECE })) {
      const bytes = piece as Uint8Array;
      length += bytes.length;
      if (length > maxBytes) return 'unreadable';
      await scanInPieces(scanner, bytes);
    }
    return scanner.finish();
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
      return null;
    // Half a file, another file, no right to read it: whatever it is, the network has a better one.
    return 'unreadable';
  }
}

/** A file that takes the place of another only when it is complete. */
interface Keeping {
  readonly write: (piece: Uint8Array) => Promise<void>;
  /** False where the folder failed: the list is then in force, but not kept. */
  readonly commit: () => Promise<boolean>;
  readonly discard: () => Promise<void>;
}

async function openKeeping(file: string): Promise<Keeping> {
  const temporary = `${file}.new`;
  let handle: FileHandle | null = null;
  let sound = true;
  const attempt = async (act: () => Promise<void>): Promise<void> => {
    if (!sound) return;
    try {
      await act();
    } catch {
      // Reported once, by commit: a full disk must not stop revocation.
      sound = false;
    }
  };
  await attempt(async () => {
    await mkdir(dirname(file), { recursive: true });
    handle = await open(temporary, 'w', 0o600);
  });
  return {
    write: (piece) =>
      attempt(async () => {
        await handle?.writeFile(piece);
      }),
    async commit() {
      await attempt(async () => {
        await handle?.sync();
        await handle?.close();
        handle = null;
        await rename(temporary, file);
      });
      return sound;
    },
    async discard() {
      try {
        await handle?.close();
        handle = null;
        await rm(temporary, { force: true });
      } catch {
        // A remnant that cannot be removed is overwritten by the next list; commit has reported the folder.
        sound = false;
      }
    },
  };
}
