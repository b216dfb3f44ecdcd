// Whether sign-ins and session checks grow dearer with what is stored: the store's part of both, on the embedded store, in a database
// of ten people and in one of a million with ten million audit records. Every sample is taken from the two in turn, so that whatever
// else the machine does falls on both. Each file is read through once before: what is compared is the work, as on a server whose database
// has been in use. After a cold start whoever signs in first waits for the disk as well, for some eight pages.
//   npm run bench -- scale [--people=1000000] [--audit=10000000] [--database=FILE]
// Without FILE the large database is made for the occasion (minutes, some ten gigabytes); with it, filled up and kept.
import { randomInt } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseBin, parseIin } from '../dist/accounts/national-number.js';
import { issueChallenge, takeChallenge } from '../dist/challenge/challenge.js';
import { admit } from '../dist/sign-in/admission.js';
import { createPresences } from '../dist/me/presence.js';
import { loadOrCreateMasterKey } from '../dist/storage/keys/master-key.js';
import { openServices } from '../dist/services.js';
import { binOf, CERTIFIED_NAME, certificateOf, iinOf, organisationOf, seed } from './seed.js';
import { quantile } from './statistics.js';

export const name = 'scale';
export const onlyWhenNamed = true;

const SMALL = { people: 10, audit: 100 };
const SAMPLES = 300;
const WARM_UP = 100;
/** Sessions of one person that are open at a time, and looks at each. */
const CHECKS = 4;
const BOUND = 1.2;
const PROMISED = ['sign-in', 'session check'];
const YEAR = 365 * 24 * 60 * 60_000;

export async function run({ rounds, log, option }) {
  const large = {
    people: Number(option('people') ?? 1_000_000),
    audit: Number(option('audit') ?? 10_000_000),
  };
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-scale-'));
  const worlds = [];
  try {
    worlds.push(await openWorld(join(folder, 'small.db'), SMALL, log));
    worlds.push(await openWorld(option('database') ?? join(folder, 'large.db'), large, log));
    const [small, big] = worlds;
    for (let i = -WARM_UP; i < SAMPLES * rounds; i += 1) {
      if (i === 0) for (const world of worlds) world.times.clear();
      if (i % SAMPLES === 0) log(`${i} of ${SAMPLES * rounds}`);
      for (const world of i % 2 === 0 ? [small, big] : [big, small]) await world.sample();
    }
    const steps = [...small.times.keys()].map((step) =>
      compare(step, small.times.get(step), big.times.get(step)),
    );
    const promises = steps
      .filter(({ step }) => PROMISED.includes(step))
      .map(({ step, ratio }) => ({
        title: `${step}: large beside small`,
        bound: `<= ${BOUND}`,
        value: ratio,
        kept: ratio <= BOUND,
      }));
    return { unit: 'milliseconds', small: small.size, large: big.size, steps, promises };
  } finally {
    for (const { close } of worlds) await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openWorld(path, size, log) {
  log(`a database of ${size.people} people and ${size.audit} audit records`);
  const seeded = await seed({ path, ...size, log });
  await readThrough(path);
  const masterKey = await loadOrCreateMasterKey(`${path}.key`);
  const storage = await openServices({ databaseUrl: `sqlite:${path}`, redisUrl: null, masterKey });
  const times = new Map();
  const visits = visitsTo(storage, seeded.people, async (step, work) => {
    const began = process.hrtime.bigint();
    const result = await work();
    const took = Number(process.hrtime.bigint() - began) / 1e6;
    if (!times.has(step)) times.set(step, []);
    times.get(step).push(took);
    return result;
  });
  return { size: seeded, times, sample: visits, close: () => storage.close() };
}

/** Leaves the file in the memory of the operating system, as far as that has room. */
function readThrough(path) {
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  return pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), nowhere);
}

/** Somebody, whoever it is, signs in, is looked at a few times and leaves; leaving is not timed. */
function visitsTo(storage, people, timed) {
  const clock = () => new Date();
  const presences = createPresences({ storage, clock });
  return async () => {
    const i = randomInt(people);
    const visitor = {
      requestId: '018f0000-0000-7000-8000-000000000000',
      address: '192.0.2.7',
      device: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
      browserToken: null,
      sessionToken: null,
    };
    const admission = await timed('sign-in', async () => {
      const { id, browserToken } = await timed('issue the challenge', () =>
        issueChallenge(storage.challenges, {
          origin: 'https://login.example.kz',
          purpose: 'login',
          now: clock(),
          browserToken: null,
        }),
      );
      await timed('take the challenge', () => takeChallenge(storage.challenges, id, browserToken, clock()));
      return timed('admit', () =>
        storage.atomically((stores) => admit(stores, admissionOf(i, visitor, clock()))),
      );
    });
    if (admission.outcome !== 'admitted') throw new Error(`refused: ${admission.code}`);
    const sessionToken = admission.token;
    for (let check = 0; check < CHECKS; check += 1) {
      const presence = await timed('session check', () => presences.of({ ...visitor, sessionToken }));
      if (presence === null) throw new Error('the session is not there');
    }
    await storage.sessions.end(sessionToken);
  };
}

function admissionOf(i, visitor, now) {
  const sha256 = certificateOf(i);
  return {
    claimant: {
      iin: parseIin(iinOf(i)),
      bin: parseBin(binOf(organisationOf(i))),
      method: 'eds',
      organisationId: null,
    },
    certificate: {
      sha256,
      serialNumber: sha256.slice(0, 40),
      notAfter: new Date(now.getTime() + YEAR),
      holderName: CERTIFIED_NAME,
    },
    visitor,
    now,
    details: { certificateSha256: sha256, trustSet: '2026-11-01' },
  };
}

function compare(step, small, large) {
  const sides = { small: summary(small), large: summary(large) };
  return { step, ...sides, ratio: sides.large.median / sides.small.median };
}

function summary(sample) {
  return {
    median: quantile(sample, 0.5),
    p95: quantile(sample, 0.95),
    mean: sample.reduce((sum, value) => sum + value, 0) / sample.length,
    count: sample.length,
  };
}

export function print({ small, large, steps, promises }) {
  const ms = (value) => value.toFixed(3).padStart(8);
  const size = ({ people, audit }) => `${people} people, ${audit} audit records`;
  return [
    `Medians in ms (95 %): ${size(small)} against ${size(large)}`,
    ...steps.map(
      ({ step, small: one, large: other, ratio }) =>
        `  ${step.padEnd(20)} ${ms(one.median)} (${ms(one.p95)}) ${ms(other.median)} (${ms(other.p95)})  ratio ${ratio.toFixed(2)}`,
    ),
    ...promises.map(
      ({ title, bound, value, kept }) => `${title} ${bound}: ${value.toFixed(2)} ${kept ? 'kept' : 'BROKEN'}`,
    ),
  ].join('\n');
}
