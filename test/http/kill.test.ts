/** The real program, killed in the middle of its work. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { parseBin } from '../../src/accounts/national-number.js';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';
import { companyKey, nextBin, signTerms } from '../support/registration.js';
import { openVisitor, type TestVisitor } from '../support/visitor.js';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'qaqpa.js');
const SESSION = '__Host-qaqpa-session';

interface Served {
  readonly child: ChildProcess;
  readonly origin: string;
  readonly port: number;
}

/** Runs `qaqpa serve` and waits until it says that it answers. */
async function serve(env: Readonly<Record<string, string>>): Promise<Served> {
  const child = spawn(process.execPath, [PROGRAM, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { msg: string; origin: string; port: number };
    if (entry.msg === 'started') {
      child.stdout.resume();
      return { child, origin: entry.origin, port: entry.port };
    }
  }
  throw new Error('the gateway ended before it answered');
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

interface Acknowledged {
  readonly token: string;
  readonly sessionId: string;
}

/** Signs in again and again, each time as a new visitor, until the gateway is gone. Only what was answered in full counts. */
async function signInUntilKilled(
  world: LabGateway,
  member: Member,
  open: () => TestVisitor,
  acknowledged: Acknowledged[],
): Promise<void> {
  for (;;) {
    const visitor = open();
    try {
      const response = await signIn(world, visitor, member.key);
      const { session } = (await response.json()) as { session: { id: string } };
      acknowledged.push({ token: visitor.cookie(SESSION)!, sessionId: session.id });
    } catch {
      return;
    }
  }
}

describe('qaqpa serve', () => {
  it('killed at any moment loses no session, account or record it has acknowledged, and its chain holds', async () => {
    const world = await startLabGateway();
    try {
      const member = await world.admit('КЕНЕТ');
      await world.gateway.close();
      const acknowledged: Acknowledged[] = [];
      const people: string[] = [];
      // Counted in sign-ins and not in time, so that a slow machine is killed in the middle of work as well.
      for (const killedAfter of [2, 3, 4]) {
        const before = acknowledged.length;
        const { child, origin, port } = await serve(world.env);
        const open = (): TestVisitor => openVisitor(origin, `http://127.0.0.1:${port}`);
        const gone = ended(child);
        const over = new AbortController();
        const visits = [1, 2].map(async () => {
          await signInUntilKilled(world, member, open, acknowledged);
          over.abort();
        });
        people.push((await world.admit(`АДАМ${killedAfter}`)).iin);
        while (acknowledged.length < before + killedAfter && !over.signal.aborted) await pause(5);
        child.kill('SIGKILL');
        await gone;
        await Promise.all(visits);
      }
      expect(acknowledged.length).toBeGreaterThan(3);

      const { child, origin, port } = await serve(world.env);
      for (const { token } of acknowledged) {
        const visitor = openVisitor(origin, `http://127.0.0.1:${port}`);
        visitor.setCookie(SESSION, token);
        expect((await visitor.fetch('/v1/session')).status).toBe(200);
      }
      const gone = ended(child);
      child.kill('SIGTERM');
      expect(await gone).toBe(0);

      expect(await world.storage.audit.verify()).toMatchObject({ intact: true });
      const records = await world.storage.audit.list({ limit: 1000 });
      const recorded = new Set(
        records.flatMap(({ type, subject }) =>
          type === 'login.eds.succeeded' && subject?.id ? [subject.id] : [],
        ),
      );
      expect(acknowledged.filter(({ sessionId }) => !recorded.has(sessionId))).toEqual([]);
      const members = (
        await world.storage.accounts.tenant(world.organisation.id).members.list({ limit: 100 })
      ).items;
      expect(members.map(({ person }) => person.iin as string)).toEqual(expect.arrayContaining(people));
    } finally {
      await world.close();
    }
  }, 90_000);

  it('killed in the middle of registrations keeps each of them whole or not at all', async () => {
    const world = await startLabGateway();
    try {
      await world.gateway.close();
      const bins: string[] = [];
      const answered: string[] = [];
      for (const answersBefore of [1, 4]) {
        const { child, origin, port } = await serve(world.env);
        const prepared = await Promise.all(
          Array.from({ length: 12 }, async () => {
            const bin = nextBin();
            bins.push(bin);
            const visitor = openVisitor(origin, `http://127.0.0.1:${port}`);
            return { bin, visitor, ...(await signTerms(world, visitor, await companyKey(world, { bin }))) };
          }),
        );
        const gone = ended(child);
        let ofThisRun = 0;
        await Promise.all(
          prepared.map(async ({ bin, visitor, challengeId, signature }) => {
            try {
              const response = await visitor.post('/v1/registration', { challengeId, signature });
              if (response.status !== 201) return;
              answered.push(bin);
              ofThisRun += 1;
              if (ofThisRun === answersBefore) child.kill('SIGKILL');
            } catch {
              // Killed under it: what is kept of this one is what the test is about.
            }
          }),
        );
        await gone;
      }
      expect(await world.storage.audit.verify()).toMatchObject({ intact: true });
      const records = await world.storage.audit.list({ limit: 1000 });
      const kept: string[] = [];
      for (const bin of bins) {
        const organisation = await world.storage.accounts.organisationByBin(parseBin(bin)!);
        if (organisation === null) continue;
        kept.push(bin);
        const { items } = await world.storage.accounts.tenant(organisation.id).members.list({ limit: 10 });
        expect(items.map(({ membership: { status, roles } }) => ({ status, roles }))).toEqual([
          { status: 'active', roles: ['manager'] },
        ]);
        expect(await world.storage.terms.acceptancesOf(items[0]!.person.id)).toHaveLength(1);
        expect(await world.storage.sessions.list({ personId: items[0]!.person.id }, new Date())).toHaveLength(
          1,
        );
        expect(
          records.flatMap(({ type, organisationId }) => (organisationId === organisation.id ? [type] : [])),
        ).toEqual([
          'organisation.added',
          'membership.added',
          'terms.accepted',
          'registration.succeeded',
          'certificate.first-seen',
          'login.eds.succeeded',
        ]);
      }
      expect(answered.length).toBeGreaterThanOrEqual(5);
      const started = records.filter(({ type }) => type === 'organisation.added');
      expect(started).toHaveLength(kept.length);
      expect(answered.filter((bin) => !kept.includes(bin))).toEqual([]);
    } finally {
      await world.close();
    }
  }, 120_000);

  it('does not start on a wrong configuration and says all that is wrong with it', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'serve'], {
      env: { QAQPA_PORT: 'eighty', QAQPA_ORIGIN: 'http://gate.example.kz', QAQPA_MASTER_KEY: 'hunter2' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = '';
    child.stderr.on('data', (piece: Buffer) => (told += piece.toString()));
    expect(await ended(child)).toBe(78);
    for (const name of ['QAQPA_PORT', 'QAQPA_ORIGIN', 'QAQPA_MASTER_KEY']) expect(told).toContain(name);
    expect(told).not.toContain('hunter2');
  });
});
