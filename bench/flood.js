// What a flood does to people who sign in and work: their sign-ins and session checks at a steady rate, first alone, then beside the
// traffic of http/flooding.js, in rounds; of this build, and of another one beside it with --against=FOLDER (compiled, with its
// packages). Limits are those of the program. The flood, the laboratory and those who are measured run on the gateway's processors.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { asFastAsPossible, atPace, openClient, quantile } from './http/load.js';
import { openWorld } from './http/world.js';

const PEOPLE = 96;
/** Of them, those whose sessions are looked at; the others come and go. */
const WORKING = 24;
const SIGN_INS_PER_SECOND = 10;
const CHECKS_PER_SECOND = 50;
const SECONDS = 10;
const WARM_UP_SECONDS = 3;
const CONNECTIONS = 64;
/** Nobody waits longer for a page. */
const PATIENCE_MS = 30_000;
const ALGORITHM = 'gost2015-512';
/** After a flood, before the resident memory is looked at again. */
const QUIET_MS = 3000;
/** A gateway that answers as fast as this has dealt with its flood; it is given so many tries. */
const RECOVERED_MS = 100;
const RECOVERY_TRIES = 10;

export const name = 'flood';
/** It takes a minute a round, and with another build two. */
export const onlyWhenNamed = true;

/** Each in a network of its own, and none in a network of the flood. */
const addressOf = (order) => `${128 + (order % 64)}.${1 + Math.floor(order / 64)}.7.9`;

/** A gateway with an API client, and people at work in it. */
async function openGateway(world, name, build) {
  let api;
  const env = { QAQPA_TRUSTED_PROXIES: 'loopback', QAQPA_OCSP_REUSE: '1h', QAQPA_TERMS_AT_SIGN_IN: 'skip' };
  const prepare = async (storage, now) => {
    const { client, secret } = await storage.apiClients.add('document flow', now);
    api = { id: client.id, secret };
  };
  const gateway = await world.gateway(name, env, { build, limits: 'own', prepare });
  const people = world.people[ALGORITHM].map(({ iin }, order) => ({ iin, address: addressOf(order) }));
  const client = openClient(gateway, CONNECTIONS, PATIENCE_MS);
  const [working, coming] = [people.slice(0, WORKING), people.slice(WORKING)];
  const sessions = [];
  for (const answer of await signedChallenges(world, client, working)) {
    sessions.push({ address: answer.address, cookie: await client.signIn(answer) });
  }
  return { name, gateway, api, client, coming, sessions };
}

/** Challenges and their answers, signed while no clock runs. */
async function signedChallenges({ lab }, client, people) {
  const { results } = await asFastAsPossible(people, 8, async ({ iin, address }) => ({
    iin,
    address,
    ...(await client.challenge({ address })),
  }));
  const signatures = await lab.order('sign', { items: results });
  return results.map((challenge, order) => ({ ...challenge, signature: signatures[order] }));
}

/** Waits until what is left of a flood is done, so that nothing of it runs into what is measured next. */
async function recovered({ client, gateway }) {
  for (let tries = 0; tries < RECOVERY_TRIES && gateway.isRunning(); tries += 1) {
    const began = performance.now();
    await client.exchange('GET', '/livez').catch(() => undefined);
    if (performance.now() - began < RECOVERED_MS) break;
  }
  await pause(QUIET_MS);
}

/** People who sign in and work for so many seconds: how long each took in milliseconds, and how often the answer was another than 200. */
async function visit(world, { client, coming, sessions }, seconds) {
  const count = SIGN_INS_PER_SECOND * seconds;
  const answers = await signedChallenges(
    world,
    client,
    Array.from({ length: count }, (_, order) => coming[order % coming.length]),
  );
  const refused = {};
  const judge = (work) => async (item) => {
    const status = await work(item).then(
      (answer) => answer.status,
      () => 'none',
    );
    if (status !== 200) refused[status] = (refused[status] ?? 0) + 1;
  };
  const looks = Array.from(
    { length: CHECKS_PER_SECOND * seconds },
    (_, order) => sessions[order % sessions.length],
  );
  const begin = async () => {
    const [signIns, checks] = await Promise.all([
      atPace(
        answers,
        SIGN_INS_PER_SECOND,
        // A whole sign-in: another challenge is issued with each answer.
        judge(async ({ challengeId, signature, cookie, address }) => {
          const issued = await client.exchange('POST', '/v1/login/eds/challenge', { address, body: {} });
          if (issued.status !== 201) return issued;
          return client.exchange('POST', '/v1/login/eds', {
            address,
            cookie,
            body: { challengeId, signature },
          });
        }),
      ),
      atPace(
        looks,
        CHECKS_PER_SECOND,
        judge(({ cookie, address }) => client.exchange('GET', '/v1/session', { address, cookie })),
      ),
    ]);
    return { signIns, checks, refused };
  };
  return begin;
}

async function startFlooder() {
  const child = fork(new URL('http/flooding.js', import.meta.url));
  await once(child, 'message');
  return {
    async flood(order) {
      child.send(order);
      const [{ answers, failure }] = await once(child, 'message');
      if (failure !== undefined) throw new Error(failure);
      return answers;
    },
    close: () => child.kill(),
  };
}

/** Resident memory of a process in MB, now and at most; `null` where the system does not tell. */
function memoryOf(pid) {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return null;
  const status = readFileSync(file, 'utf8');
  const field = (key) => Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return { now: field('VmRSS'), peak: field('VmHWM') };
}

const add = (sum, counts) => {
  for (const [key, count] of Object.entries(counts)) sum[key] = (sum[key] ?? 0) + count;
};

export async function run({ rounds, log, option }) {
  const seconds = Number(option('seconds') ?? SECONDS);
  const against = option('against');
  const builds = { new: undefined, ...(against === undefined ? {} : { old: pathToFileURL(`${against}/`) }) };
  log('certifying people');
  const world = await openWorld({ count: PEOPLE, algorithms: [ALGORITHM] });
  const flooder = await startFlooder();
  try {
    const measured = [];
    for (const [name, build] of Object.entries(builds)) {
      log(`starting the ${name} build`);
      const own = await openGateway(world, name, build);
      await (
        await visit(world, own, WARM_UP_SECONDS)
      )();
      measured.push({ own, phases: { quiet: emptyPhase(), flood: emptyPhase() }, answers: {}, alive: true });
    }
    const [stranger] = measured[0].own.coming;
    const signature = await world.lab.order('sign', {
      items: [{ iin: stranger.iin, data: Buffer.from('another text').toString('base64') }],
    });
    for (let round = 1; round <= rounds; round++) {
      for (const one of measured) {
        if (!one.alive) continue;
        log(`round ${round} of ${rounds}, ${one.own.name}`);
        await measureRound(world, flooder, one, { seconds, round, signature: signature[0] });
      }
    }
    const results = measured.map(summary);
    return { seconds, rounds, results, promises: promisesOf(results[0]) };
  } finally {
    flooder.close();
    await world.close();
  }
}

const emptyPhase = () => ({ signIns: [], checks: [], refused: {} });

async function measureRound(world, flooder, one, { seconds, round, signature }) {
  const { own, phases } = one;
  const note = (phase, { signIns, checks, refused }) => {
    phases[phase].signIns.push(...signIns);
    phases[phase].checks.push(...checks);
    add(phases[phase].refused, refused);
  };
  try {
    note('quiet', await (await visit(world, own, seconds))());
    const begin = await visit(world, own, seconds);
    const { port, origin, pid } = own.gateway;
    const order = { gateway: { port, origin }, seconds, round, api: own.api, signature };
    const [visited, answers] = await Promise.all([begin(), flooder.flood(order)]);
    note('flood', visited);
    for (const [kind, counts] of Object.entries(answers)) add((one.answers[kind] ??= {}), counts);
    await recovered(own);
    one.memory = memoryOf(pid);
  } catch (error) {
    // A build that a flood ends has nothing more to say.
    if (own.gateway.isRunning()) throw error;
    one.alive = false;
  }
  one.alive &&= own.gateway.isRunning();
}

function summary({ own, phases, answers, memory = null, alive }) {
  const of = (times) => {
    const sorted = [...times].sort((a, b) => a - b);
    return {
      p50: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
      most: sorted.at(-1),
      count: sorted.length,
    };
  };
  const kinds = Object.fromEntries(
    Object.entries(phases).map(([phase, { signIns, checks, refused }]) => [
      phase,
      { signIns: of(signIns), checks: of(checks), refused },
    ]),
  );
  const ratio = (what) => kinds.flood[what].p95 / kinds.quiet[what].p95;
  return {
    build: own.name,
    ...kinds,
    ratios: { signIns: ratio('signIns'), checks: ratio('checks') },
    answers,
    memory,
    alive,
  };
}

function promisesOf({ flood, ratios, memory, alive }) {
  const refused = Object.values(flood.refused).reduce((sum, count) => sum + count, 0);
  const promise = (title, bound, value, kept) => ({ title, bound, value, kept });
  return [
    promise('p95 of sign-ins, flood beside quiet', '<= 3', ratios.signIns, ratios.signIns <= 3),
    promise('p95 of session checks, flood beside quiet', '<= 2', ratios.checks, ratios.checks <= 2),
    promise('sign-ins and checks refused in the flood', '0', refused, refused === 0),
    promise(
      'resident memory at most, in MB',
      '< 512',
      memory?.peak ?? null,
      memory === null ? null : memory.peak < 512,
    ),
    promise('processes ended', '0', alive ? 0 : 1, alive),
  ];
}

/** The lines people read. */
export function print({ results, promises }) {
  const ms = ({ p50, p95, most }) =>
    `p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)}, at most ${most.toFixed(0)} ms`;
  const counts = (statuses) =>
    Object.entries(statuses)
      .map(([status, count]) => `${count} × ${status}`)
      .join(', ') || 'none';
  const lines = results.flatMap(({ build, quiet, flood, ratios, answers, memory, alive }) => [
    `${build} build${alive ? '' : ', which the flood ended'}`,
    `  sign-ins        quiet: ${ms(quiet.signIns)}; flood: ${ms(flood.signIns)}; × ${ratios.signIns.toFixed(2)}`,
    `  session checks  quiet: ${ms(quiet.checks)}; flood: ${ms(flood.checks)}; × ${ratios.checks.toFixed(2)}`,
    `  refused         quiet: ${counts(quiet.refused)}; flood: ${counts(flood.refused)}`,
    `  resident        ${memory === null ? 'not told' : `${memory.peak.toFixed(0)} MB at most, ${memory.now.toFixed(0)} MB afterwards`}`,
    ...Object.entries(answers).map(([kind, statuses]) => `  ${kind}: ${counts(statuses)}`),
  ]);
  for (const { title, bound, value, kept } of promises) {
    const verdict = kept === null ? 'not measured' : kept ? 'kept' : 'BROKEN';
    lines.push(`${title} ${bound}: ${value === null ? '–' : value.toFixed(2)} ${verdict}`);
  }
  return lines.join('\n');
}
