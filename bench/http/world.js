// The laboratory and gateways as processes of their own, and an organisation with people who can sign in.
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { makeBin } from '../../dist/lab/index.js';

const ORGANISATION = 'ТОО «Лаборатория»';
const OFTEN = '1000000/1m';
/** The folder of the build whose benches these are. */
const OWN_BUILD = new URL('../../', import.meta.url);
const WATCH = new URL('watch.js', import.meta.url).href;
const LIFTED = {
  QAQPA_CHALLENGES_PER_ADDRESS: '1000000',
  QAQPA_CHALLENGES_MAX: '1000000',
  ...Object.fromEntries(
    ['CHALLENGE', 'LOGIN', 'PASSWORD', 'VERIFY', 'MANAGE', 'SESSION'].map((name) => [
      `QAQPA_RATE_${name}`,
      OFTEN,
    ]),
  ),
};

/** Starts the laboratory and certifies `count` people for each algorithm. */
export async function openWorld({ count, algorithms }) {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-bench-'));
  const lab = startLab();
  const trustFolder = join(folder, 'trust');
  const { ocspUrl, crlUrls } = await lab.order('open', { trustFolder });
  const bin = makeBin({ registered: '2015-03' });
  const people = {};
  for (const algorithm of algorithms) {
    people[algorithm] = await lab.order('issue', { algorithm, count, bin, organisation: ORGANISATION });
  }
  const gateways = [];
  const settingsOf = (name, env, limits) => ({
    QAQPA_PORT: '0',
    QAQPA_METRICS_PORT: '0',
    QAQPA_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    QAQPA_DATA_DIR: join(folder, name),
    QAQPA_TRUST_DIR: trustFolder,
    QAQPA_OCSP_URL: ocspUrl,
    QAQPA_CRL_URLS: crlUrls,
    QAQPA_LOG_LEVEL: 'info',
    ...(limits === 'own' ? {} : LIFTED),
    ...env,
  });
  return {
    lab,
    people,
    /**
     * Starts a gateway with all people in its accounts.
     *
     * @param build the folder of a compiled program, where it is not this one
     * @param limits `lifted` so far that nobody meets them, or the program's `own`
     * @param prepare what else its stores hold, done by its own code: another build may have another schema
     */
    async gateway(name, env = {}, { build = OWN_BUILD, limits = 'lifted', prepare = () => undefined } = {}) {
      const all = settingsOf(name, env, limits);
      await admit(build, all, bin, Object.values(people).flat(), prepare);
      const gateway = await startGateway(build, all);
      gateways.push(gateway);
      return gateway;
    },
    /** Starts one more on stores that another has filled. */
    async beside(name, env) {
      const gateway = await startGateway(OWN_BUILD, settingsOf(name, env, 'lifted'));
      gateways.push(gateway);
      return gateway;
    },
    async close() {
      for (const gateway of gateways) await gateway.stop();
      lab.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function admit(build, env, bin, people, prepare) {
  const { parseBin, parseIin } = await import(new URL('dist/accounts/national-number.js', build));
  const { loadConfig } = await import(new URL('dist/config.js', build));
  const { openConfiguredStorage } = await import(new URL('dist/gateway.js', build));
  const storage = await openConfiguredStorage(loadConfig(env));
  const now = new Date();
  const { id: organisationId } = await storage.accounts.addOrganisation(
    { name: ORGANISATION, bin: parseBin(bin) },
    now,
  );
  for (const { iin, name } of people) {
    const person = await storage.accounts.addPerson({ iin: parseIin(iin), name }, now);
    const { members } = storage.accounts.tenant(organisationId);
    await members.add({ personId: person.id, status: 'active', roles: [], by: null }, now);
  }
  await prepare(storage, now);
  await storage.close();
}

function startLab() {
  const child = fork(new URL('lab.js', import.meta.url));
  const waiting = new Map();
  let last = 0;
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the laboratory ended with ${code}`));
  });
  child.on('message', ({ id, answer, failure }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (failure === undefined) resolve(answer);
    else reject(new Error(failure));
  });
  return {
    order: (order, details = {}) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        child.send({ id: last, order, ...details });
      }),
    close: () => child.kill(),
  };
}

/** The real program, compiled. Its log goes through a pipe, as it does in production. */
async function startGateway(build, env) {
  const program = fileURLToPath(new URL('bin/qaqpa.js', build));
  const child = spawn(process.execPath, ['--import', WATCH, program, 'serve'], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const started = await new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout });
    const complaints = [];
    lines.on('line', (line) => {
      const record = line.startsWith('{') ? JSON.parse(line) : {};
      if (record.level === 'error' || record.level === 'fatal') complaints.push(line);
      if (record.msg === 'started') {
        lines.close();
        child.stdout.resume();
        resolve(record);
      }
    });
    child.once('exit', (code) =>
      reject(new Error(`the gateway ended with ${code}\n${complaints.join('\n')}`)),
    );
  });
  const { port, origin } = started;
  return {
    origin,
    port,
    pid: child.pid,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    /** One of the orders in watch.js. */
    ask: (order) =>
      new Promise((resolve, reject) => {
        const lost = () => reject(new Error('the gateway has ended'));
        child.once('exit', lost);
        child.once('message', ({ answer }) => {
          child.off('exit', lost);
          resolve(answer);
        });
        child.send(order);
      }),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
