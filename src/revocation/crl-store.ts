import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Certificate } from '../eds/certificate/certificate.js';
import { sameName } from '../eds/certificate/name.js';
import { checkCrl, covers, type CrlIndex, type CrlRefusal } from '../eds/crl/index.js';
import { type CertificateInQuestion } from '../eds/judgement/revocation.js';
import { type Job } from '../jobs/job.js';
import { createCrlSlot, type CrlSlot, type CrlSlotOptions, isExpired } from './crl-slot.js';
import { type RevocationObserver } from './event.js';
import { type Transport } from './transport.js';

/** One CRL distribution point: a full list and, where the issuer publishes one, its delta list. */
export interface CrlPoint {
  readonly url: string;
  readonly deltaUrl?: string;
}

/** One list, full or delta, and where it came from. */
export interface KeptList {
  readonly list: CrlIndex;
  readonly host: string;
}

/** Current lists by issuer. */
export interface CrlStore {
  /** Every list of an issuer that is in memory, run out or not. */
  inMemory(issuer: Certificate): readonly KeptList[];
  /**
   * The lists of an issuer, the one that speaks about the certificate fetched where it is missing or has run out.
   *
   * @returns what there is within `waitMs`, possibly nothing
   */
  inForce(
    issuer: Certificate,
    certificate: CertificateInQuestion,
    waitMs: number,
  ): Promise<readonly KeptList[]>;
  /** Reads the folder. */
  restore(): Promise<void>;
  /** Keep every list fresh. */
  readonly jobs: readonly Job[];
}

interface StoreOptions {
  readonly points: readonly CrlPoint[];
  readonly folder: string | null;
  readonly transport: Transport;
  readonly clock: () => Date;
  readonly random: (length: number) => Uint8Array;
  readonly issuers: () => readonly Certificate[];
  readonly clockSkewMs: number;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly onEvent: RevocationObserver;
}

interface Point {
  readonly full: CrlSlot;
  readonly delta: CrlSlot | null;
}

export function createCrlStore(options: StoreOptions): CrlStore {
  const { folder, clock, random, issuers, clockSkewMs } = options;

  /** Only a sound list of a trusted issuer comes into force, and never one older than what is in force. */
  const accept = (part: 'full' | 'delta', list: CrlIndex, current: CrlIndex | null): CrlRefusal | null => {
    if ((list.baseNumber === null) !== (part === 'full')) return 'CRL_UNUSABLE';
    const refusals = issuers()
      .filter(({ subject }) => sameName(subject, list.issuer))
      .map((issuer) => checkCrl(list, issuer, { clockSkewMs }, clock()));
    if (!refusals.includes(null)) return refusals[0] ?? 'CRL_UNUSABLE';
    if (current === null) return null;
    // One address speaks for one issuer: another's list, however sound, must not push this one's out.
    if (!sameName(current.issuer, list.issuer)) return 'CRL_UNUSABLE';
    const older = list.thisUpdate < current.thisUpdate || (list.number ?? 0n) < (current.number ?? 0n);
    return older ? 'CRL_STALE' : null;
  };

  const slot = (part: CrlSlotOptions['part'], url: string): CrlSlot =>
    createCrlSlot({
      ...options,
      part,
      url,
      file: folder === null ? null : join(folder, `${createHash('sha256').update(url).digest('hex')}.crl`),
      jitter: () => Buffer.from(random(4)).readUInt32BE() / 2 ** 32,
      accept: (list, current) => accept(part, list, current),
    });

  const points = options.points.map(({ url, deltaUrl }): Point => ({
    full: slot('full', url),
    delta: deltaUrl === undefined ? null : slot('delta', deltaUrl),
  }));
  const slots = points.flatMap(({ full, delta }) => (delta === null ? [full] : [full, delta]));

  const needsFetch = (slotOf: CrlSlot): boolean => {
    const list = slotOf.current();
    return (list === null || isExpired(list, clock())) && slotOf.mayRefresh();
  };

  const isOf = (issuer: Certificate, list: CrlIndex): boolean =>
    sameName(list.issuer, issuer.subject) && list.isSignedBy(issuer.publicKey);

  const inMemory = (issuer: Certificate): readonly KeptList[] =>
    slots.flatMap(({ host, lists }) =>
      lists()
        .filter((list) => isOf(issuer, list))
        .map((list) => ({ list, host })),
    );

  /** The point with the youngest list that speaks about the certificate. */
  const youngest = (issuer: Certificate, certificate: CertificateInQuestion): Point | null =>
    points
      .filter(({ full }) => {
        const list = full.current();
        return list !== null && isOf(issuer, list) && covers(list.scope, certificate);
      })
      .reduce<Point | null>((best, point) => {
        const [a, b] = [best?.full.current()?.thisUpdate, point.full.current()?.thisUpdate];
        return a === undefined || (b !== undefined && b > a) ? point : best;
      }, null);

  /** Which fetches could improve the answer: the issuer's own lists, or, while they are unknown, every list not read yet. */
  const wanting = (point: Point | null): readonly CrlSlot[] => {
    const list = point?.full.current() ?? null;
    if (point !== null && list !== null && !isExpired(list, clock())) {
      return point.delta !== null && needsFetch(point.delta) ? [point.delta] : [];
    }
    const candidates = point === null ? points.filter(({ full }) => full.current() === null) : [point];
    return candidates.map(({ full }) => full).filter(needsFetch);
  };

  return {
    inMemory,
    async inForce(issuer, certificate, waitMs) {
      const limit = waitAtMost(waitMs);
      try {
        for (;;) {
          const fetches = wanting(youngest(issuer, certificate));
          if (fetches.length === 0 || limit.reached()) return inMemory(issuer);
          await Promise.race([limit.end, ...fetches.map((fetching) => fetching.refresh())]);
        }
      } finally {
        limit.cancel();
      }
    },
    async restore() {
      for (const each of slots) await each.restore();
    },
    jobs: slots.map(({ job }) => job),
  };
}

interface Limit {
  readonly end: Promise<void>;
  readonly reached: () => boolean;
  readonly cancel: () => void;
}

function waitAtMost(milliseconds: number): Limit {
  let reached = false;
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      reached = true;
      resolve();
    }, milliseconds);
  });
  return {
    end,
    reached: () => reached,
    cancel: () => {
      clearTimeout(timer);
    },
  };
}
