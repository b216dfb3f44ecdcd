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
    async gateway(name, env = {}, options = []) {
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
      const gateway = await startGateway(all, options);
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
async function startGateway(env, options) {
  const program = new URL('../../bin/qaqpa.js', import.meta.url).pathname;
  const child = spawn(process.execPath, [...options, program, 'serve'], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
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
  const { port, metricsPort, origin } = started;
  return {
    origin,
    port,
    pid: child.pid,
    /** One value of the Prometheus text, the sum over its labels. */
    async metrics(...names) {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      const sum = (name) =>
        text
          .split('\n')
          .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
          .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
      return Object.fromEntries(names.map((name) => [name, sum(name)]));
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
