/**
 * Ends the sessions of certificates that are revoked while somebody is signed in with them (design decision 10).
 *
 * A certificate is due three paces after the moment its last evidence speaks of, so that with the default pace of a minute none
 * goes unchecked for more than four; those seen for the first time are spread over three paces. Instances share the work through
 * claims that run out; an instance that dies leaves its share to the others.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Job } from '../jobs/job.js';
import { lookAtCertificate, type LookParts } from './look.js';

export interface WatchParts extends LookParts {
  readonly settings: WatchSettings;
}

export interface WatchSettings {
  /** Milliseconds between looks. */
  readonly everyMs: number;
  /** Certificates looked at together. */
  readonly concurrency: number;
  /** Certificates looked at in a second, at most. */
  readonly perSecond: number;
}

export interface RevocationWatch {
  /**
   * Looks at what is due now.
   *
   * @param signal when it is aborted no further certificate is looked at
   */
  sweep(signal?: AbortSignal): Promise<void>;
  /** Sweeps at the pace. */
  readonly job: Job;
}

const PAGE = 500;
/** Certificates claimed, looked at and settled together: few enough that a claim does not run out meanwhile. */
const CHUNK = 32;
const SLICES = 3;

interface LiveCertificate {
  readonly sha256: string;
  readonly checkedAt: number;
  readonly claimedUntil: number;
}

export function createRevocationWatch(parts: WatchParts): RevocationWatch {
  const { clock, settings, onEvent } = parts;
  const dueMs = SLICES * settings.everyMs;

  const sweep = async (signal?: AbortSignal): Promise<void> => {
    const now = clock();
    const live = await liveCertificates(parts, now);
    const chosen = choose(live, now, dueMs);
    const { looked, open } = await lookAtAll(parts, chosen, dueMs, signal);
    onEvent({ kind: 'sweep', live: live.length, looked, open, oldestMs: oldestOf(live, now) });
  };
  return {
    sweep,
    job: { name: 'revocation-watch', pace: { everyMs: settings.everyMs }, run: sweep },
  };
}

async function liveCertificates({ storage }: WatchParts, now: Date): Promise<LiveCertificate[]> {
  const live: LiveCertificate[] = [];
  for (let after: string | null = null; ;) {
    const page: readonly string[] = await storage.sessions.liveCertificates(after, PAGE, now);
    const known = await storage.certificateChecks.of(page);
    for (const sha256 of page) {
      const check = known.get(sha256);
      live.push({
        sha256,
        checkedAt: check?.checkedAt.getTime() ?? 0,
        claimedUntil: check?.claimedUntil.getTime() ?? 0,
      });
    }
    if (page.length < PAGE) return live;
    after = page.at(-1) ?? null;
  }
}

/** Whom to look at now, in which order. */
function choose(live: readonly LiveCertificate[], now: Date, dueMs: number): readonly string[] {
  const due = live
    .filter(
      ({ checkedAt, claimedUntil }) => claimedUntil <= now.getTime() && checkedAt <= now.getTime() - dueMs,
    )
    // Those about which nobody answers go behind the others, or they would take every turn.
    .sort((a, b) => Math.max(a.checkedAt, a.claimedUntil) - Math.max(b.checkedAt, b.claimedUntil));
  // Newcomers were judged at sign-in a moment ago: a crowd of them is spread over the paces and delays nobody else.
  const newcomers = due.filter(({ checkedAt }) => checkedAt === 0).slice(0, Math.ceil(live.length / SLICES));
  return [...due.filter(({ checkedAt }) => checkedAt > 0), ...newcomers].map(({ sha256 }) => sha256);
}

async function lookAtAll(
  parts: WatchParts,
  chosen: readonly string[],
  dueMs: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly looked: number; readonly open: number }> {
  const { clock, settings, onEvent } = parts;
  const { certificateChecks: checks } = parts.storage;
  const began = performance.now();
  let [looked, open] = [0, 0];
  for (let start = 0; start < chosen.length && signal?.aborted !== true; start += CHUNK) {
    const now = clock();
    const claim = {
      now,
      dueBefore: new Date(now.getTime() - dueMs),
      until: new Date(now.getTime() + settings.everyMs),
    };
    const waiting = [...(await checks.claim(chosen.slice(start, start + CHUNK), claim))];
    const results: { certificate: string; checkedAt: Date | null }[] = [];
    const work = async (): Promise<void> => {
      while (signal?.aborted !== true) {
        const sha256 = waiting.shift();
        if (sha256 === undefined) return;
        const ahead = (looked / settings.perSecond) * 1000 - (performance.now() - began);
        looked += 1;
        if (ahead > 0) await pause(ahead);
        const standing = await lookAtCertificate(parts, sha256, dueMs);
        if (standing.outcome === 'open') open += 1;
        const code = standing.outcome === 'good' ? null : standing.code;
        onEvent({ kind: 'certificate', outcome: standing.outcome, code });
        const checkedAt = standing.outcome === 'good' ? earlier(standing.asOf, clock()) : null;
        results.push({ certificate: sha256, checkedAt });
      }
    };
    await Promise.all(Array.from({ length: settings.concurrency }, work));
    // Those that were left at the stop are given back: another instance may look at them at once.
    for (const certificate of waiting) results.push({ certificate, checkedAt: null });
    await checks.settle(results, clock());
  }
  return { looked, open };
}

function oldestOf(live: readonly LiveCertificate[], now: Date): number {
  const checked = live.filter(({ checkedAt }) => checkedAt > 0);
  return checked.reduce((oldest, { checkedAt }) => Math.max(oldest, now.getTime() - checkedAt), 0);
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
