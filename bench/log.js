// Whether the audit log grows dearer with its length: appending a record, sealing what was appended, proving a record, listing an
// organisation's, on the embedded store, in a log of a hundred and in one of a million. Samples are taken from the two in turn.
//   npm run bench -- log [--audit=1000000] [--database=FILE]
// Without FILE the long log is made for the occasion; with it, filled up and kept. What is verified is told apart: a day's records
// since a checkpoint, beside all of them.
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { readCheckpoint } from '../dist/audit/checkpoint.js';
import { loadOrCreateMasterKey } from '../dist/storage/keys/master-key.js';
import { openServices } from '../dist/services.js';
import { seed } from './seed.js';
import { quantile } from './statistics.js';

export const name = 'log';
export const onlyWhenNamed = true;

const SHORT = 100;
const SAMPLES = 200;
const WARM_UP = 50;
/** Records that are sealed together, as after a busy second. */
const PENDING = 32;
const BOUND = 1.2;

export async function run({ rounds, log, option }) {
  const long = Number(option('audit') ?? 1_000_000);
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-log-'));
  const worlds = [];
  try {
    worlds.push(await openWorld(join(folder, 'short.db'), SHORT, log));
    worlds.push(await openWorld(option('database') ?? join(folder, 'long.db'), long, log));
    const [small, big] = worlds;
    for (let i = -WARM_UP; i < SAMPLES * rounds; i += 1) {
      if (i === 0) for (const world of worlds) world.times.clear();
      for (const world of i % 2 === 0 ? [small, big] : [big, small]) await world.sample();
    }
    const steps = [...small.times.keys()].map((step) =>
      compare(step, small.times.get(step), big.times.get(step)),
    );
    const verified = await big.verify(log);
    return {
      title: `The audit log of ${SHORT} and of ${long} records`,
      steps,
      verified,
      promises: steps.map(({ step, ratio }) => ({
        title: `${step}: long beside short`,
        bound: `<= ${BOUND}`,
        value: ratio,
        kept: ratio <= BOUND,
      })),
    };
  } finally {
    for (const world of worlds) await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openWorld(path, audit, log) {
  await seed({ path, people: 100, audit, log });
  const masterKey = await loadOrCreateMasterKey(`${path}.key`);
  const storage = await openServices({ databaseUrl: `sqlite:${path}`, redisUrl: null, masterKey });
  const { items } = await storage.accounts.listOrganisations({ limit: 1 });
  const organisationId = items[0].id;
  const times = new Map();
  const event = {
    type: 'access.denied',
    actor: { kind: 'operator', id: 'bench' },
    organisationId,
    address: '192.0.2.1',
  };
  const timed = async (step, work) => {
    const began = performance.now();
    await work();
    const list = times.get(step) ?? [];
    list.push(performance.now() - began);
    times.set(step, list);
  };
  return {
    times,
    async sample() {
      await timed('append', () => storage.audit.append({ ...event, at: new Date() }));
      await storage.atomically(async (unit) => {
        for (let i = 1; i < PENDING; i += 1) await unit.audit.append({ ...event, at: new Date() });
      });
      await timed('seal', () => storage.sealing.seal('https://bench.example.kz', new Date()));
      await timed('prove', () => storage.audit.prove(1 + randomInt(audit)));
      await timed('list', () => storage.audit.list({ organisationId, before: Infinity, limit: 50 }));
    },
    async verify(tell) {
      const kept = readCheckpoint(await storage.audit.checkpoint());
      await storage.atomically(async (unit) => {
        for (let i = 0; i < 1_000; i += 1) await unit.audit.append({ ...event, at: new Date() });
      });
      await storage.sealing.seal('https://bench.example.kz', new Date());
      const found = [];
      for (const sinceKept of [true, false]) {
        const began = performance.now();
        const verdict = await storage.audit.verify({ kept, sinceKept });
        found.push({ sinceKept, ...verdict, milliseconds: performance.now() - began });
        tell(`verified ${verdict.records} records: ${verdict.intact}`);
      }
      return found;
    },
    close: () => storage.close(),
  };
}

function compare(step, small, big) {
  const [short, long] = [small, big].map((list) => quantile(list, 0.5));
  return { step, shortMs: short, longMs: long, ratio: long / short };
}

export function print({ title, steps, verified, promises }) {
  const ms = (value) => `${value.toFixed(2)} ms`;
  return [
    title,
    ...steps.map(
      ({ step, shortMs, longMs, ratio }) =>
        `  ${step}: ${ms(shortMs)}, ${ms(longMs)} (× ${ratio.toFixed(2)})`,
    ),
    ...verified.map(
      ({ sinceKept, records, milliseconds, intact }) =>
        `  verified ${sinceKept ? 'since a checkpoint' : 'whole'}: ${records} records in ${ms(milliseconds)}, ${intact ? 'whole' : 'broken'}`,
    ),
    ...promises.map(({ title: what, bound, kept }) => `  ${what} ${bound}: ${kept ? 'kept' : 'BROKEN'}`),
  ].join('\n');
}
