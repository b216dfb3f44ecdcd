// The laboratory and gateways as processes of their own, and an organisation with people who can sign in.
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseBin, parseIin } from '../../dist/accounts/national-number.js';
import { loadConfig } from '../../dist/config.js';
import { openConfiguredStorage } from '../../dist/gateway.js';
import { makeBin } from '../../dist/lab/index.js';

const ORGANISATION = 'ТОО «Лаборатория»';
const OFTEN = '1000000/1m';
const WATCH = new URL('watch.js', import.meta.url).href;
const LIMITS = ['CHALLENGE', 'LOGIN', 'PASSWORD', 'VERIFY', 'MANAGE', 'SESSION'];

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
  return {
    lab,
    people,
    /** Starts a gateway with all people in its accounts. */
    async gateway(name, env = {}) {
      const all = {
        QAQPA_PORT: '0',
        QAQPA_METRICS_PORT: '0',
        QAQPA_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
        QAQPA_DATA_DIR: join(folder, name),
        QAQPA_TRUST_DIR: trustFolder,
        QAQPA_OCSP_URL: ocspUrl,
        QAQPA_CRL_URLS: crlUrls,
        QAQPA_LOG_LEVEL: 'info',
        ...Object.fromEntries(LIMITS.map((limit) => [`QAQPA_RATE_${limit}`, OFTEN])),
        ...env,
      };
      await admit(all, bin, Object.values(people).flat());
      const gateway = await startGateway(all);
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

async function admit(env, bin, people) {
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
async function startGateway(env) {
  const program = new URL('../../bin/qaqpa.js', import.meta.url).pathname;
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
