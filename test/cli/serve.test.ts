/** `qaqpa serve` where it cannot start, or is told to stop before it has. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { followLauncher } from '../../src/cli/launcher.js';
import { runService } from '../../src/main.js';
import { qaqpa } from '../support/cli.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-serve-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const UNREACHABLE = { QAQPA_PORT: '0', QAQPA_OCSP_URL: 'http://127.0.0.1:1/', QAQPA_CRL_URLS: '' };

describe('qaqpa serve', () => {
  it.each([
    ['a file', (): string => join(folder, 'file')],
    ['a folder below a file', (): string => join(folder, 'file', 'data')],
    ...(process.platform === 'linux'
      ? [['a folder the system does not allow', (): string => '/proc/qaqpa/data'] as const]
      : []),
  ])('tells in a line that the data folder is %s', async (_what, place) => {
    writeFileSync(join(folder, 'file'), '');
    const { code, stderr } = await qaqpa(['serve'], { env: { ...UNREACHABLE, QAQPA_DATA_DIR: place() } });
    expect(code).toBe(69);
    expect(stderr).toMatch(/^qaqpa: cannot start: the data folder \S+ cannot be used \([A-Z]+\)\n$/);
  });

  it('tells in a line that the address to listen on has no such name', async () => {
    const { code, stderr } = await qaqpa(['serve'], {
      env: { ...UNREACHABLE, QAQPA_DATA_DIR: join(folder, 'host'), QAQPA_HOST: 'gate.invalid' },
    });
    expect([code, stderr]).toEqual([
      69,
      expect.stringMatching(/^qaqpa: cannot start: [^\n]*gate\.invalid[^\n]*QAQPA_HOST[^\n]*\n$/),
    ]);
  });

  it('tells in a line which port is taken, and which setting chooses another', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    for (const setting of ['QAQPA_PORT', 'QAQPA_METRICS_PORT']) {
      const { code, stderr } = await qaqpa(['serve'], {
        env: { ...UNREACHABLE, QAQPA_DATA_DIR: join(folder, 'taken'), [setting]: String(port) },
      });
      expect([code, stderr]).toEqual([
        69,
        `qaqpa: cannot start: port ${port} of 127.0.0.1 is taken by another program; end that one, or choose another port with ${setting}\n`,
      ]);
    }
    taken.close();
  }, 30_000);

  it('says where it is open, and what to do first where there is no organisation', async () => {
    const child = spawn(process.execPath, ['bin/qaqpa.js', 'serve'], {
      cwd: join(import.meta.dirname, '..', '..'),
      env: { ...UNREACHABLE, PATH: process.env['PATH'], QAQPA_DATA_DIR: join(folder, 'first') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [log, told] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
    while (!told.includes('no organisation') && child.exitCode === null) await wait(20);
    const port = /"port":(\d+)/.exec(log)?.[1] ?? '';
    expect(told).toMatch(new RegExp(`^qaqpa: open at http://localhost:${port}\n`));
    const command = /npx qaqpa (account organisation add) /.exec(told)?.[1] ?? '';
    const added = await qaqpa([...command.split(' '), '--bin', '123456789021', '--name', 'Қақпа'], {
      env: { QAQPA_DATA_DIR: join(folder, 'first') },
    });
    expect(added.code).toBe(0);
    // What programs read stays for programs.
    for (const line of log.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
    child.kill('SIGTERM');
    await once(child, 'exit');
  }, 30_000);

  it('takes a reload while it starts for no reason to die, and ends well when told to stop', async () => {
    const child = spawn(process.execPath, ['bin/qaqpa.js', 'serve'], {
      cwd: join(import.meta.dirname, '..', '..'),
      env: { ...UNREACHABLE, PATH: process.env['PATH'], QAQPA_DATA_DIR: join(folder, 'early') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve([code, signal]);
      });
    });
    let log = '';
    child.stdout.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
    // The first line warns of certificates that are absent: the gateway is starting and does not answer yet.
    while (log === '' && child.exitCode === null) await wait(5);
    child.kill('SIGHUP');
    while (!log.includes('"started"') && child.exitCode === null && child.signalCode === null) await wait(20);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(log).toContain('"trust reload"');
    // A fresh installation says what it cannot judge yet, and how that is mended.
    expect(log).toMatch(
      /nca_rsa_2022: pinned and not in the folder.*SHA-256 84fb799a66140950.*npx qaqpa trust sync --directory/,
    );
  }, 30_000);
});

(process.platform === 'win32' ? describe.skip : describe)('qaqpa serve in a shell that goes away', () => {
  /** What npm does: a shell between the one who stops and the gateway, which is told nothing. */
  async function endShell(env: Record<string, string>): Promise<ChildProcess> {
    const shell = spawn('sh', ['-c', '"$0" bin/qaqpa.js serve; true', process.execPath], {
      cwd: join(import.meta.dirname, '..', '..'),
      env: { ...UNREACHABLE, PATH: process.env['PATH'], QAQPA_DATA_DIR: join(folder, 'shell'), ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let log = '';
    shell.stdout.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
    while (!log.includes('"started"') && shell.exitCode === null) await wait(20);
    shell.kill('SIGKILL');
    return shell;
  }

  it('stops where npm started it, whose stop signal ends with the shell', async () => {
    const shell = await endShell({ npm_lifecycle_script: 'node bin/qaqpa.js serve' });
    // the gateway held its output open
    await once(shell, 'close');
  }, 30_000);

  it('goes on where something else did', async () => {
    const shell = await endShell({ npm_lifecycle_script: 'node test.js' });
    const outlived = await Promise.race([once(shell, 'close').then(() => false), wait(500).then(() => true)]);
    process.kill(-shell.pid!, 'SIGTERM');
    await once(shell, 'close');
    expect(outlived).toBe(true);
  }, 30_000);

  it('outlives a terminal that takes the shell with it', async () => {
    const told: string[] = [];
    const launched = Object.assign(new EventEmitter(), {
      pid: 2,
      ppid: 1,
      kill: (_pid: number, signal: string) => told.push(signal),
    });
    const env = { npm_lifecycle_script: 'node bin/qaqpa.js serve' };
    followLauncher(launched, env);
    launched.emit('SIGHUP');
    launched.ppid = 0;
    await wait(300);
    expect(told).toEqual([]);
    followLauncher(launched, env);
    launched.ppid = 1;
    while (told.length === 0) await wait(20);
    expect(told).toEqual(['SIGTERM']);
  });
});

describe('a service told something while it starts', () => {
  it('is started whole, reloaded and then closed', async () => {
    const signals = new EventEmitter();
    const story: string[] = [];
    await runService(async () => {
      signals.emit('SIGHUP');
      signals.emit('SIGTERM');
      await wait(1);
      story.push('started');
      return {
        reloadTrust: () => Promise.resolve(story.push('reloaded')),
        close: () => {
          story.push('closed');
          return Promise.resolve();
        },
      };
    }, signals);
    expect(story).toEqual(['started', 'reloaded', 'closed']);
  });

  it('ends when its terminal goes away, where a hangup means that', async () => {
    const signals = new EventEmitter();
    const story: string[] = [];
    const service = {
      reloadTrust: () => Promise.resolve(story.push('reloaded')),
      close: () => {
        story.push('closed');
        return Promise.resolve();
      },
    };
    const ended = runService(() => Promise.resolve(service), signals, 'stop');
    signals.emit('SIGHUP');
    await ended;
    expect(story).toEqual(['closed']);
  });

  it('leaves no listener behind when it cannot start', async () => {
    const signals = new EventEmitter();
    await expect(runService(() => Promise.reject(new Error('no port')), signals)).rejects.toThrow('no port');
    expect(signals.eventNames()).toEqual([]);
  });
});
