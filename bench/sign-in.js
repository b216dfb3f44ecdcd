// Whole sign-ins over HTTP: challenge, signature, path, revocation, account, session, audit, on the embedded store, with the load
// generator on the same cores. Challenges are fetched, signed while no clock runs, and answered; both timed parts count. Between rounds
// everybody leaves again, so that nobody reaches the limit of sessions.
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { asFastAsPossible, atPace, median, openClient, quantile } from './http/load.js';
import { shares } from './http/shares.js';
import { openWorld } from './http/world.js';

const PEOPLE = 96;
const SIGN_INS = 400;
const AT_ONCE = 32;
const ALGORITHMS = ['gost2015-512', 'rsa-2048'];
const SHARE_OF_MOST = 0.8;
const PACED_SECONDS = 6;
/** On a slow machine fewer rounds are made than asked for, but not fewer than three. */
const ROUNDS_SECONDS = 90;
const LEAST_ROUNDS = 3;
/** Rounds that fill the caches and let the code be compiled; they do not count. */
const WARM_UP = 3;

export const name = 'sign-in';

/** One round of sign-ins: rates of the two parts and of the whole, and who signed in. */
async function round({ lab, people }, gateway, algorithm) {
  const client = openClient(gateway, AT_ONCE);
  const who = Array.from({ length: SIGN_INS }, (_, i) => people[algorithm][i % PEOPLE].iin);
  const issued = await asFastAsPossible(who, AT_ONCE, () => client.challenge());
  const signed = await signAll(lab, who, issued.results);
  const before = await lab.order('usage');
  const from = process.cpuUsage();
  const answered = await asFastAsPossible(signed, AT_ONCE, (answer) => client.signIn(answer));
  const own = process.cpuUsage(from);
  const after = await lab.order('usage');
  await asFastAsPossible(answered.results, AT_ONCE, (cookie) => client.signOut(cookie));
  client.close();
  const seconds = issued.seconds + answered.seconds;
  return {
    whole: SIGN_INS / seconds,
    challenges: SIGN_INS / issued.seconds,
    answers: SIGN_INS / answered.seconds,
    // Of the processor time there was while answers were judged.
    responder: cpuShare(after, before, answered.seconds),
    generator: cpuShare(own, { user: 0, system: 0 }, answered.seconds),
  };
}

function cpuShare(after, before, seconds) {
  const spent = (after.user + after.system - before.user - before.system) / 1e6;
  return spent / (seconds * availableParallelism());
}

async function signAll(lab, who, challenges) {
  const items = challenges.map(({ data }, i) => ({ iin: who[i], data }));
  const signatures = await lab.order('sign', { items });
  return challenges.map(({ challengeId, cookie }, i) => ({ challengeId, cookie, signature: signatures[i] }));
}

/** Sign-ins at a share of the greatest rate: how long the event loop made anything wait. */
async function paced({ lab, people }, gateway, algorithm, rate) {
  const client = openClient(gateway, 256);
  const count = Math.round(rate * PACED_SECONDS);
  const who = Array.from({ length: count }, (_, i) => people[algorithm][i % PEOPLE].iin);
  const issued = await asFastAsPossible(who, AT_ONCE, () => client.challenge());
  const signed = await signAll(lab, who, issued.results);
  await gateway.ask('watch');
  // A whole sign-in: another challenge is issued with each answer.
  const times = await atPace(signed, rate, async (answer) => {
    await client.challenge();
    await client.signIn(answer);
  });
  const eventLoopDelay = await gateway.ask('delay');
  client.close();
  return { rate, eventLoopDelay, answerP50: quantile(times, 0.5), answerP99: quantile(times, 0.99) };
}

/** Where the time of one sign-in goes: a gateway of its own with the verifier in the main thread, watched by V8's profiler. */
async function profile(world, algorithm) {
  const env = { QAQPA_OCSP_REUSE: '1h', QAQPA_WORKERS: '0' };
  const gateway = await world.gateway(`profile-${algorithm}`, env);
  await round(world, gateway, algorithm);
  await gateway.ask('profile');
  await round(world, gateway, algorithm);
  const profiled = await gateway.ask('profiled');
  await gateway.stop();
  return shares(profiled);
}

export async function run({ rounds, log }) {
  log('certifying people');
  const world = await openWorld({ count: PEOPLE, algorithms: ALGORITHMS });
  try {
    const gateways = {
      cached: await world.gateway('cached', { QAQPA_OCSP_REUSE: '1h' }),
      fresh: await world.gateway('fresh', { QAQPA_OCSP_REUSE: '0s' }),
    };
    const measured = {};
    const everyWay = async (note) => {
      for (const [kind, gateway] of Object.entries(gateways)) {
        for (const algorithm of ALGORITHMS) {
          note(`${algorithm}, OCSP ${kind}`, await round(world, gateway, algorithm));
        }
      }
    };
    for (let i = 1; i <= WARM_UP; i++) {
      log(`warming up, ${i} of ${WARM_UP}`);
      await everyWay(() => undefined);
    }
    const until = performance.now() + ROUNDS_SECONDS * 1000;
    let counted = 0;
    for (; counted < rounds && (counted < LEAST_ROUNDS || performance.now() < until); counted++) {
      log(`round ${counted + 1} of ${rounds}`);
      await everyWay((title, result) => (measured[title] ??= []).push(result));
    }
    const table = Object.entries(measured).map(([title, results]) => ({
      title,
      ...Object.fromEntries(
        Object.keys(results[0]).map((key) => [key, median(results.map((result) => result[key]))]),
      ),
    }));
    const rate = (title) => table.find((row) => row.title === title).whole;
    const most = rate('gost2015-512, OCSP cached');
    log('at four fifths of the greatest rate');
    const pace = await paced(world, gateways.cached, 'gost2015-512', SHARE_OF_MOST * most);
    const steps = {};
    for (const algorithm of ALGORITHMS) {
      log(`profile: ${algorithm}`);
      steps[algorithm] = await profile(world, algorithm);
    }
    const ratio = most / rate('rsa-2048, OCSP cached');
    const promises = [
      { title: 'GOST sign-ins per second, OCSP cached', bound: '>= 300', value: most, kept: most >= 300 },
      { title: 'GOST beside RSA-2048', bound: '>= 0.6', value: ratio, kept: ratio >= 0.6 },
      {
        title: 'event-loop delay p99 in ms at 80 % of the greatest rate',
        bound: '<= 20',
        value: pace.eventLoopDelay.p99,
        kept: pace.eventLoopDelay.p99 <= 20,
      },
    ];
    return { counted, table, pace, steps, promises };
  } finally {
    await world.close();
  }
}

/** The lines people read. */
export function print({ table, pace, steps, promises }) {
  const percent = (share) => `${(share * 100).toFixed(0)} %`;
  const lines = table.map(
    ({ title, whole, challenges, answers, responder, generator }) =>
      `${title.padEnd(28)} ${whole.toFixed(0).padStart(5)} sign-ins/s (challenges ${challenges.toFixed(0)}/s, ` +
      `answers ${answers.toFixed(0)}/s; processor: responder ${percent(responder)}, generator ${percent(generator)})`,
  );
  lines.push(
    `at ${pace.rate.toFixed(0)} GOST sign-ins/s: event-loop delay p50 ${pace.eventLoopDelay.p50.toFixed(1)} ms, p99 ${pace.eventLoopDelay.p99.toFixed(1)} ms; ` +
      `challenge and answer p50 ${pace.answerP50.toFixed(0)} ms, p99 ${pace.answerP99.toFixed(0)} ms`,
  );
  for (const [algorithm, parts] of Object.entries(steps)) {
    const each = Object.entries(parts).map(([step, share]) => `${step} ${percent(share)}`);
    lines.push(`${algorithm}, time of one thread doing all: ${each.join(', ')}`);
  }
  for (const { title, bound, value, kept } of promises) {
    lines.push(`${title} ${bound}: ${value.toFixed(2)} ${kept ? 'kept' : 'BROKEN'}`);
  }
  return lines.join('\n');
}
