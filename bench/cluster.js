// A cluster beside the embedded store: sign-ins and session checks through one gateway and through two, on a PostgreSQL that waits for its
// disk and a Redis that keeps what it acknowledges, in rounds that take turns with a gateway on the embedded store; and units of work of
// sixteen organisations at once, of this build and of another one with --against=FOLDER (compiled, with its packages). Everything is on
// one machine: both stores, the gateways, the laboratory and who asks.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { asFastAsPossible, median, openClient } from './http/load.js';
import { absent, startPostgres, startRedis } from './http/servers.js';
import { openWorld } from './http/world.js';

const PEOPLE = 96;
const SIGN_INS = 200;
const CHECKS = 2000;
const AT_ONCE = 32;
const ALGORITHM = 'gost2015-512';
const ORGANISATIONS = 16;
const UNIT_SECONDS = 5;
const UNIT_WARM_UP = 2;

export const name = 'cluster';
/** It needs PostgreSQL and Redis, and takes minutes. */
export const onlyWhenNamed = true;

export async function run({ rounds, log, option }) {
  const missing = absent();
  if (missing !== null) throw new Error(missing);
  const [postgres, redis] = [await startPostgres(), await startRedis()];
  log('certifying people');
  const world = await openWorld({ count: PEOPLE, algorithms: [ALGORITHM] });
  try {
    const doors = await measureDoors(world, { postgres, redis }, { rounds, log });
    const against = option('against');
    const builds = {
      new: new URL('../', import.meta.url).href,
      ...(against === undefined ? {} : { old: pathToFileURL(`${against}/`).href }),
    };
    const units = await measureUnits(postgres, builds, { rounds, log });
    return { rounds, doors, units, promises: promisesOf(doors, units) };
  } finally {
    await world.close();
    await redis.stop();
    await postgres.stop();
  }
}

/** Ways of storing, each with its gateways: a request goes to them in turn. */
async function measureDoors(world, { postgres, redis }, { rounds, log }) {
  const reuse = { QAQPA_OCSP_REUSE: '1h' };
  const shared = async (database) => ({
    ...reuse,
    // One for all gateways: it stands in the text that is signed.
    QAQPA_ORIGIN: 'https://gate.example.kz',
    QAQPA_DATABASE_URL: await postgres.newDatabase(`cluster${database}`),
    QAQPA_REDIS_URL: redis.urlOf(database),
  });
  const [one, two] = [await shared(0), await shared(1)];
  const ways = {
    embedded: [await world.gateway('embedded', reuse)],
    'one gateway': [await world.gateway('one', one)],
    'two gateways': [await world.gateway('two-a', two), await world.beside('two-b', two)],
  };
  const measured = Object.fromEntries(Object.keys(ways).map((way) => [way, { signIns: [], checks: [] }]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [way, gateways] of Object.entries(ways)) {
      log(`round ${round} of ${rounds}, ${way}`);
      const rates = await measureRound(world, gateways);
      // The first fills caches and lets code be compiled.
      if (round === 0) continue;
      measured[way].signIns.push(rates.signIns);
      measured[way].checks.push(rates.checks);
    }
  }
  return Object.entries(measured).map(([way, { signIns, checks }]) => ({
    way,
    signIns: median(signIns),
    checks: median(checks),
  }));
}

async function measureRound({ lab, people }, gateways) {
  const clients = gateways.map((gateway) => openClient(gateway, AT_ONCE));
  const through = (order) => clients[order % clients.length];
  const who = Array.from({ length: SIGN_INS }, (_, order) => ({
    order,
    iin: people[ALGORITHM][order % PEOPLE].iin,
  }));
  const issued = await asFastAsPossible(who, AT_ONCE, ({ order }) => through(order).challenge());
  const items = issued.results.map(({ data }, order) => ({ iin: who[order].iin, data }));
  const signatures = await lab.order('sign', { items });
  const answers = issued.results.map(({ challengeId, cookie }, order) => ({
    order,
    answer: { challengeId, cookie, signature: signatures[order] },
  }));
  // Answered through the other gateway than the one that asked.
  const answered = await asFastAsPossible(answers, AT_ONCE, ({ order, answer }) =>
    through(order + 1).signIn(answer),
  );
  const cookies = answered.results;
  const looks = Array.from({ length: CHECKS }, (_, order) => ({ order, cookie: cookies[order % PEOPLE] }));
  const checked = await asFastAsPossible(looks, AT_ONCE, ({ order, cookie }) =>
    through(order).session(cookie),
  );
  await asFastAsPossible(cookies, AT_ONCE, (cookie) => through(0).signOut(cookie));
  for (const client of clients) client.close();
  return { signIns: SIGN_INS / (issued.seconds + answered.seconds), checks: CHECKS / checked.seconds };
}

async function measureUnits(postgres, builds, { rounds, log }) {
  const rates = Object.fromEntries(Object.keys(builds).map((build) => [build, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [name, build] of Object.entries(builds)) {
      log(`units of work, round ${round} of ${rounds}, ${name} build`);
      const url = await postgres.newDatabase(`units_${name}_${round}`);
      const child = fork(new URL('http/units.js', import.meta.url));
      child.send({
        build,
        url,
        organisations: ORGANISATIONS,
        seconds: UNIT_SECONDS,
        warmUp: UNIT_WARM_UP,
        atOnce: ORGANISATIONS,
      });
      const [{ perSecond, failure }] = await once(child, 'message');
      if (failure !== undefined) throw new Error(failure);
      rates[name].push(perSecond);
    }
  }
  return Object.entries(rates).map(([build, each]) => ({ build, perSecond: median(each) }));
}

function promisesOf(doors, units) {
  const rate = (way, what) => doors.find((row) => row.way === way)[what];
  const beside = (what) => rate('one gateway', what) / rate('embedded', what);
  const [current, before] = ['new', 'old'].map((name) => units.find(({ build }) => build === name));
  const faster = before === undefined ? null : current.perSecond / before.perSecond;
  const promise = (title, least, value) => ({
    title,
    bound: `>= ${least}`,
    value,
    kept: value === null ? null : value >= least,
  });
  return [
    promise('session checks, one gateway beside the embedded store', 0.6, beside('checks')),
    promise('sign-ins, one gateway beside the embedded store', 0.9, beside('signIns')),
    promise(`units of ${ORGANISATIONS} organisations, this build beside the one before`, 3, faster),
  ];
}

/** The lines people read. */
export function print({ doors, units, promises }) {
  return [
    ...doors.map(
      ({ way, signIns, checks }) =>
        `${way.padEnd(14)} ${signIns.toFixed(0).padStart(5)} sign-ins/s ${checks.toFixed(0).padStart(6)} session checks/s`,
    ),
    ...units.map(({ build, perSecond }) => `units of work, ${build} build: ${perSecond.toFixed(0)}/s`),
    ...promises.map(
      ({ title, bound, value, kept }) =>
        `${title} ${bound}: ${value === null ? 'not measured' : `${value.toFixed(2)} ${kept ? 'kept' : 'BROKEN'}`}`,
    ),
  ].join('\n');
}
