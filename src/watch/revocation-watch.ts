/**
 * Ends the sessions of certificates that are revoked while somebody is signed in with them (design decision 10).
 *
 * A certificate is due three paces after the moment its last evidence speaks of, so that with the default pace of a minute none
 * goes unchecked for more than four; those seen for the first time are spread over three paces. Instances share the work through
 * claims that run out; an instance that dies leaves its share to the others.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { gatewayAct } from '../audit/act.js';
import { parseCertificate } from '../eds/certificate/certificate.js';
import { type WatchEvent } from '../revocation/event.js';
import { type CertificateChecks } from '../sessions/certificate-checks.js';
import { type Session } from '../sessions/session.js';
import { type Standing, standingOf, type StandingParts } from './certificate-standing.js';
import { endSession } from '../sign-in/session-end.js';
import { type SignInStorage } from '../sign-in/stores.js';

export interface WatchParts extends StandingParts {
  readonly storage: SignInStorage & { readonly certificateChecks: CertificateChecks };
  readonly clock: () => Date;
  readonly settings: WatchSettings;
  readonly onEvent: (event: WatchEvent) => void;
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
  /** Looks at what is due now. Does nothing while a sweep of this instance is under way. */
  sweep(): Promise<void>;
  /** Sweeps at the pace until closed. A sweep that fails is told and does not stop the next. */
  start(): void;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

const PAGE = 500;
/** Certificates claimed, looked at and settled together: few enough that a claim does not run out meanwhile. */
const CHUNK = 32;
const SLICES = 3;

export function createRevocationWatch(parts: WatchParts): RevocationWatch {
  const { storage, clock, settings, onEvent } = parts;
  const { certificateChecks: checks } = storage;
  const dueMs = SLICES * settings.everyMs;
  let closed = false;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;

  const liveCertificates = async (
    now: Date,
  ): Promise<{ sha256: string; checkedAt: number; claimedUntil: number }[]> => {
    const live = [];
    for (let after: string | null = null; ;) {
      const page: readonly string[] = await storage.sessions.liveCertificates(after, PAGE, now);
      const known = await checks.of(page);
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
  };

  const endSessionsOf = async (
    certificateSha256: string,
    standing: Extract<Standing, { outcome: 'bad' }>,
  ): Promise<void> => {
    const { code: reason, source, revokedAt } = standing;
    const details = { certificateSha256, source, revokedAt: revokedAt?.toISOString() ?? null };
    const ended = await storage.atomically(async (stores) => {
      const act = gatewayAct(clock());
      let count = 0;
      for (const session of await stores.sessions.list({ certificateSha256 }, act.at)) {
        if (await endSession(stores, session, act, reason, details)) count += 1;
      }
      return count;
    });
    if (ended > 0) onEvent({ kind: 'ended', code: reason, sessions: ended });
  };

  /** The certificate as it was kept at sign-in, at whichever membership. */
  const bytesOf = async (sessions: readonly Session[], sha256: string): Promise<Uint8Array | null> => {
    for (const membershipId of new Set(sessions.map((session) => session.membershipId))) {
      const bytes = await storage.accounts.certificateBytesOf(membershipId, sha256);
      if (bytes !== null) return bytes;
    }
    return null;
  };

  const lookAt = async (sha256: string): Promise<Standing> => {
    const at = clock();
    const sessions = await storage.sessions.list({ certificateSha256: sha256 }, at);
    // The last session ended between the list and now: there is nothing to find out.
    if (sessions.length === 0) return { outcome: 'good', asOf: at };
    const bytes = await bytesOf(sessions, sha256);
    const certificate = bytes === null ? null : parseCertificate(bytes);
    if (certificate?.sha256 !== sha256) return { outcome: 'open', code: 'CERTIFICATE_NOT_KEPT' };
    const notBefore = new Date(at.getTime() - dueMs);
    const standing = await standingOf(certificate, parts, { at, notBefore });
    if (standing.outcome === 'bad') await endSessionsOf(sha256, standing);
    return standing;
  };

  /** One certificate that cannot be looked at must not keep the others from being looked at. */
  const lookAtOne = async (sha256: string): Promise<Standing> => {
    try {
      return await lookAt(sha256);
    } catch (error) {
      onEvent({ kind: 'failure', error });
      return { outcome: 'open', code: 'CHECK_FAILED' };
    }
  };

  const lookAtAll = async (chosen: readonly string[]): Promise<{ looked: number; open: number }> => {
    const began = performance.now();
    let [looked, open] = [0, 0];
    for (let start = 0; start < chosen.length && !closed; start += CHUNK) {
      const now = clock();
      const claim = {
        now,
        dueBefore: new Date(now.getTime() - dueMs),
        until: new Date(now.getTime() + settings.everyMs),
      };
      const waiting = [...(await checks.claim(chosen.slice(start, start + CHUNK), claim))];
      const results: { certificate: string; checkedAt: Date | null }[] = [];
      const work = async (): Promise<void> => {
        for (let sha256 = waiting.shift(); sha256 !== undefined; sha256 = waiting.shift()) {
          const ahead = (looked / settings.perSecond) * 1000 - (performance.now() - began);
          looked += 1;
          if (ahead > 0) await pause(ahead);
          const standing = await lookAtOne(sha256);
          if (standing.outcome === 'open') open += 1;
          const code = standing.outcome === 'good' ? null : standing.code;
          onEvent({ kind: 'certificate', outcome: standing.outcome, code });
          results.push({
            certificate: sha256,
            checkedAt: standing.outcome === 'good' ? earlier(standing.asOf, clock()) : null,
          });
        }
      };
      await Promise.all(Array.from({ length: settings.concurrency }, work));
      await checks.settle(results, clock());
    }
    return { looked, open };
  };

  const sweepOnce = async (): Promise<void> => {
    const now = clock();
    const live = await liveCertificates(now);
    const due = live
      .filter(
        ({ checkedAt, claimedUntil }) => claimedUntil <= now.getTime() && checkedAt <= now.getTime() - dueMs,
      )
      // Those about which nobody answers go behind the others, or they would take every turn.
      .sort((a, b) => Math.max(a.checkedAt, a.claimedUntil) - Math.max(b.checkedAt, b.claimedUntil));
    // Newcomers were judged at sign-in a moment ago: a crowd of them is spread over the paces and delays nobody else.
    const newcomers = due
      .filter(({ checkedAt }) => checkedAt === 0)
      .slice(0, Math.ceil(live.length / SLICES));
    const chosen = [...due.filter(({ checkedAt }) => checkedAt > 0), ...newcomers];
    const { looked, open } = await lookAtAll(chosen.map(({ sha256 }) => sha256));
    const checked = live.filter(({ checkedAt }) => checkedAt > 0);
    const oldestMs = checked.reduce(
      (oldest, { checkedAt }) => Math.max(oldest, now.getTime() - checkedAt),
      0,
    );
    onEvent({ kind: 'sweep', live: live.length, looked, open, oldestMs });
  };

  const sweep = (): Promise<void> => {
    running ??= sweepOnce().finally(() => {
      running = null;
    });
    return running;
  };

  return {
    sweep,
    start() {
      timer = setInterval(() => {
        sweep().catch((error: unknown) => {
          onEvent({ kind: 'failure', error });
        });
      }, settings.everyMs);
      timer.unref();
    },
    async close() {
      closed = true;
      if (timer !== null) clearInterval(timer);
      // Whoever began the sweep is told how it failed; here it is only waited for.
      await running?.catch(() => undefined);
    },
  };
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
