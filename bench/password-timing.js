// Whether the time of an answer tells an IIN that has a password from one nobody has. The whole of a refused sign-in is measured, from
// the use case down to the synced audit record, over the embedded store at the default cost of argon2id, in random order.
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseIin } from '../dist/accounts/national-number.js';
import { createRefusalSummaries, summarising } from '../dist/audit/refusal-summaries.js';
import { createPasswordSignIn } from '../dist/sign-in/password-sign-in.js';
import { openServices } from '../dist/services.js';
import { compareSamples, quantile } from './statistics.js';

export const name = 'password-timing';

const GROUPS = ['wrong', 'unknown', 'passwordless'];
const PER_ROUND = 240;
const WARM_UP = 30;
const visitor = {
  requestId: 'bench',
  address: '127.0.0.1',
  subscriber: '203.0.113.7',
  networks: null,
  device: null,
  browserToken: null,
  sessionToken: null,
};

export async function run({ rounds, log }) {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-timing-'));
  const storage = await openServices({
    databaseUrl: `sqlite:${join(folder, 'qaqpa.db')}`,
    redisUrl: null,
    masterKey: new Uint8Array(randomBytes(32)),
  });
  try {
    const perGroup = PER_ROUND * rounds;
    const attempts = shuffled(await seed(storage, perGroup + WARM_UP));
    const summarised = summarising(
      storage,
      createRefusalSummaries((address) => address),
    );
    const login = createPasswordSignIn({ storage: summarised, clock: () => new Date() });
    const times = Object.fromEntries(GROUPS.map((group) => [group, []]));
    log(`${perGroup} attempts of each of ${GROUPS.length} kinds`);
    for (const [index, { group, iin }] of attempts.entries()) {
      const began = process.hrtime.bigint();
      const { code } = await login.complete(
        // Each another one: a password that fails on many people is answered otherwise.
        { iin, password: `Ne-tot-parol-${10_000 + index}`, organisationId: null },
        visitor,
      );
      const took = Number(process.hrtime.bigint() - began) / 1e6;
      if (code !== 'PASSWORD_WRONG') throw new Error(`${group} was answered ${code}`);
      if (index >= WARM_UP * GROUPS.length) times[group].push(took);
    }
    return {
      unit: 'milliseconds',
      groups: Object.fromEntries(
        GROUPS.map((group) => [
          group,
          {
            count: times[group].length,
            median: quantile(times[group], 0.5),
            p05: quantile(times[group], 0.05),
            p95: quantile(times[group], 0.95),
          },
        ]),
      ),
      comparisons: GROUPS.slice(1).map((group) => ({
        between: ['wrong', group],
        ...compareSamples(times.wrong, times[group]),
      })),
    };
  } finally {
    await storage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A password of its own would cost a hash each; everybody here has the same one, under the same hash. */
async function seed(storage, count) {
  let next = 100_000_000_000;
  const number = () => parseIin(String((next += 1)));
  const first = number();
  const prepared = await storage.passwords.prepare(first, 'Tot-samyi-parol-41');
  const attempts = [];
  const now = new Date();
  for (let i = 0; i < count; i += 1) {
    const [wrong, unknown, passwordless] = [number(), number(), number()];
    await storage.atomically(async ({ accounts, passwords }) => {
      await accounts.addPerson({ iin: wrong, name: 'Bench' }, now);
      await accounts.addPerson({ iin: passwordless, name: 'Bench' }, now);
      await passwords.set(wrong, prepared, now);
    });
    attempts.push(
      { group: 'wrong', iin: wrong },
      { group: 'unknown', iin: unknown },
      { group: 'passwordless', iin: passwordless },
    );
  }
  return attempts;
}

function shuffled(items) {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = randomInt(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

export function print({ groups, comparisons }) {
  const kinds = { wrong: 'wrong password', unknown: 'unknown IIN', passwordless: 'no password set' };
  const ms = (value) => value.toFixed(2).padStart(8);
  return [
    'Time of a refused password sign-in, ms        median      5 %     95 %  attempts',
    ...GROUPS.map((group) => {
      const { median, p05, p95, count } = groups[group];
      return `  ${kinds[group].padEnd(40)} ${ms(median)} ${ms(p05)} ${ms(p95)}  ${count}`;
    }),
    ...comparisons.map(
      ({ between: [a, b], auc, mannWhitneyP, kolmogorovSmirnovP }) =>
        `  ${kinds[a]} against ${kinds[b]}: a guess by time is right ${(100 * Math.max(auc, 1 - auc)).toFixed(1)} % of the time` +
        ` (50 % is chance); Mann–Whitney p = ${mannWhitneyP.toFixed(3)}, Kolmogorov–Smirnov p = ${kolmogorovSmirnovP.toFixed(3)}`,
    ),
  ].join('\n');
}
