import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';

const ROOT = join(import.meta.dirname, '..', '..');

interface Demo {
  readonly origin: string;
  readonly ncalayer: string;
  readonly accounts: readonly {
    readonly iin: string;
    readonly name: string;
    readonly roles: readonly string[];
    readonly platformRoles?: readonly string[];
    readonly password?: string;
    readonly passwordChanged?: true;
    readonly keys: readonly string[];
  }[];
  readonly refused: readonly { readonly iin: string; readonly why: string }[];
  readonly apiClient: { readonly id: string; readonly secret: string };
  readonly document: { readonly content: string; readonly signature: string; readonly trust: string };
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program until it ends. */
async function ended(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['bin/qaqpa.js', ...args], {
    cwd: ROOT,
    env: { ...process.env, QAQPA_DATA_DIR: folder, QAQPA_PORT: '0', QAQPA_NCALAYER_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

let folder: string;
let process_: ChildProcess;
/** What the demonstration under way has printed. */
let said = '';

async function startDemo(): Promise<Demo> {
  const description = join(folder, 'demo.json');
  process_ = spawn(process.execPath, ['bin/qaqpa.js', 'demo'], {
    cwd: ROOT,
    env: { ...process.env, QAQPA_DATA_DIR: folder, QAQPA_PORT: '0', QAQPA_NCALAYER_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  said = '';
  process_.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  // The file of one that was killed is no sign that this one answers; what it prints is.
  while (!said.includes('Stop with Ctrl+C.')) {
    if (process_.exitCode !== null) throw new Error(`demo ended with ${process_.exitCode}`);
    await wait(50);
  }
  return JSON.parse(readFileSync(description, 'utf8')) as Demo;
}

async function kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  const ended = once(process_, 'exit');
  process_.kill(signal);
  await ended;
  return process_.exitCode;
}

/** What the double's socket says to one signing request, chosen by the signer's IIN alone. */
async function sign(url: string, data: string, iin: string): Promise<string> {
  const socket = new WebSocket(url);
  try {
    await once(socket, 'message');
    const answered = once(socket, 'message') as Promise<[Buffer]>;
    const signingParams = { decode: true, encapsulate: true, digested: false };
    const args = { format: 'cms', data, signingParams, signerParams: { iin, chain: [] }, locale: 'ru' };
    socket.send(JSON.stringify({ module: 'kz.gov.pki.knca.basics', method: 'sign', args }));
    const [answer] = await answered;
    return (JSON.parse(answer.toString()) as { body: { result: [string] } }).body.result[0];
  } finally {
    socket.close();
  }
}

function post(demo: Demo, path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${demo.origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: demo.origin, ...headers },
    body: JSON.stringify(body),
  });
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

async function signIn(demo: Demo, iin: string): Promise<Response> {
  const challenge = await post(demo, '/v1/login/eds/challenge', {});
  const { challengeId, data } = (await challenge.json()) as { challengeId: string; data: string };
  const signature = await sign(demo.ncalayer, data, iin);
  return post(demo, '/v1/login/eds', { challengeId, signature }, { cookie: cookiesOf(challenge) });
}

describe('npm run demo', () => {
  let demo: Demo;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qaqpa-demo-'));
    demo = await startDemo();
  }, 60_000);

  afterAll(() => {
    process_.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets in everybody it lists, with the first key that fits', async () => {
    for (const account of demo.accounts) {
      const answer = await signIn(demo, account.iin);
      expect([account.name, answer.status]).toEqual([account.name, 200]);
    }
  });

  it('refuses the keys it lists as bad, each for its reason', async () => {
    const codes: Record<string, unknown> = {};
    for (const { iin, why } of demo.refused) {
      codes[why] = ((await (await signIn(demo, iin)).json()) as { code: string }).code;
    }
    expect(codes).toEqual({
      expired: 'CERTIFICATE_EXPIRED',
      revoked: 'CERTIFICATE_REVOKED',
      'no account': 'ACCOUNT_NONE',
    });
  });

  it('lets in with the printed password and with no other', async () => {
    const { iin, password } = demo.accounts.find((account) => account.password !== undefined)!;
    expect((await post(demo, '/v1/login/password', { iin, password })).status).toBe(200);
    expect((await post(demo, '/v1/login/password', { iin, password: `${password!}!` })).status).toBe(401);
  });

  it('has an administrator and a security officer, who may do on the platform what they are for', async () => {
    const statuses: Record<string, number> = {};
    for (const { iin, platformRoles = [] } of demo.accounts) {
      const cookie = cookiesOf(await signIn(demo, iin));
      const answer = await fetch(`${demo.origin}/v1/administration/organisations`, { headers: { cookie } });
      statuses[platformRoles.join() || 'none'] = answer.status;
    }
    expect(statuses).toEqual({ none: 403, administrator: 200, 'security-officer': 200 });
  });

  it('has a document signed by one of its people, which the command line verifies', async () => {
    const { content, signature, trust } = demo.document;
    const args = [
      'verify',
      signature,
      '--content',
      content,
      '--trust',
      trust,
      '--revocation',
      'none',
      '--json',
    ];
    const { code, stdout } = await ended(args);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        indication: 'TOTAL_PASSED',
        signatures: [{ format: 'CAdES-T', signer: { iin: demo.accounts[0]!.iin } }],
      },
    ]);
  });

  it('answers its API client and nobody else', async () => {
    const { id, secret } = demo.apiClient;
    const body = { signature: Buffer.from('not a signature').toString('base64') };
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const known = await post(demo, '/v1/signatures/verify', body, { authorization });
    expect(known.status).toBe(422);
    expect((await post(demo, '/v1/signatures/verify', body)).status).toBe(401);
  });

  it('shows whose key signs next and lets one choose', async () => {
    const page = demo.ncalayer.replace('ws:', 'http:');
    const before = await (await fetch(page)).text();
    const values = [...before.matchAll(/value="([0-9a-f]+)"/g)].map((match) => match[1]!);
    expect(before).toContain(`value="${values[0]!}" checked`);
    const chosen = await fetch(page, { method: 'POST', body: new URLSearchParams({ key: values[1]! }) });
    expect(await chosen.text()).toContain(`value="${values[1]!}" checked`);
  });

  it('keeps acknowledged sessions, accounts and a whole audit chain through kill -9', async () => {
    const session = cookiesOf(await signIn(demo, demo.accounts[0]!.iin));
    await kill('SIGKILL');
    demo = await startDemo();
    const who = await fetch(`${demo.origin}/v1/session`, { headers: { cookie: session } });
    expect(who.status).toBe(200);
    const audit = spawn(process.execPath, ['bin/qaqpa.js', 'audit', 'verify'], {
      cwd: ROOT,
      env: { ...process.env, QAQPA_DATA_DIR: folder },
      stdio: 'ignore',
    });
    expect((await once(audit, 'exit'))[0]).toBe(0);
  }, 60_000);

  it('has its folder for itself, whatever ports the next one wants', async () => {
    const files = ['demo.json', 'demo-trust/manifest.json'].map((name) => join(folder, name));
    const content = (): string[] => files.map((file) => readFileSync(file, 'utf8'));
    const before = content();
    const second = spawn(process.execPath, ['bin/qaqpa.js', 'demo'], {
      cwd: ROOT,
      env: { ...process.env, QAQPA_DATA_DIR: folder, QAQPA_PORT: '0', QAQPA_NCALAYER_PORT: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    second.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    expect((await once(second, 'close'))[0]).toBe(69);
    expect(complaint).toContain(`a demonstration runs in this folder already, at ${demo.origin}`);
    expect(content()).toEqual(before);
  }, 30_000);

  it('prints a password that was changed as changed', async () => {
    const { iin, name, password } = demo.accounts.find((account) => account.password !== undefined)!;
    const cookie = cookiesOf(await post(demo, '/v1/login/password', { iin, password }));
    const change = { current: password, password: 'Ozgergen-qupia-2026-Soz' };
    expect((await post(demo, '/v1/me/password', change, { cookie })).status).toBeLessThan(300);
    await kill('SIGKILL');
    demo = await startDemo();
    const after = demo.accounts.find((account) => account.iin === iin)!;
    expect(after).toMatchObject({ name, passwordChanged: true });
    expect(after).not.toHaveProperty('password');
    expect(said).toContain(`IIN ${iin}   password changed since`);
    expect(said).not.toContain(password!);
    expect(demo.accounts.filter(({ passwordChanged }) => passwordChanged === true)).toHaveLength(1);
  }, 60_000);

  it('does not let the gateway for real open what it keeps', async () => {
    const { code, stderr } = await ended(['serve'], {
      QAQPA_OCSP_URL: 'http://127.0.0.1:1/',
      QAQPA_CRL_URLS: '',
    });
    expect([code, stderr]).toEqual([
      69,
      expect.stringMatching(/^qaqpa: cannot start: the database is one of `qaqpa demo`.*QAQPA_DATA_DIR.*\n$/),
    ]);
  }, 30_000);

  it('stops when told to, and takes back the word that it answers', async () => {
    expect(await kill('SIGTERM')).toBe(0);
    expect(existsSync(join(folder, 'demo.json'))).toBe(false);
  });
});

describe('npm run demo where it cannot', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qaqpa-no-demo-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['QAQPA_PORT', 'another program; end that one'],
    ['QAQPA_NCALAYER_PORT', 'NCALayer itself; end that one'],
  ])(
    'writes nothing when the port of %s is taken, and says what to do',
    async (setting, words) => {
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const { port } = taken.address() as AddressInfo;
      const { code, stderr } = await ended(['demo'], { [setting]: String(port) });
      taken.close();
      expect(code).toBe(69);
      expect(stderr).toContain(`port ${port} of 127.0.0.1 is taken by`);
      expect(stderr).toContain(words);
      expect(stderr).toContain(`with ${setting}`);
      expect(readdirSync(folder)).toEqual([]);
    },
    30_000,
  );

  it('leaves a database alone that a gateway for real has used', async () => {
    const added = await ended(['account', 'organisation', 'add', '--bin', '123456789021', '--name', 'Қақпа']);
    expect(added.code).toBe(0);
    const { code, stderr } = await ended(['demo']);
    expect([code, stderr]).toEqual([
      69,
      expect.stringMatching(
        /^qaqpa: cannot start: the database holds data that is not of a demonstration.*\n$/,
      ),
    ]);
    const { stdout } = await ended(['account', 'organisation', 'list', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'Қақпа' }]);
    expect(existsSync(join(folder, 'demo.json'))).toBe(false);
  }, 60_000);

  it('has a folder of its own where none is named', async () => {
    const { stdout } = await ended(['help', 'demo']);
    expect(stdout).toContain('(./data-demo)');
    expect(readFileSync(join(ROOT, '.gitignore'), 'utf8')).toMatch(/^data-demo\/$/m);
  });
});
