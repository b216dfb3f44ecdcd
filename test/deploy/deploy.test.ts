import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config.js';
import { createHttpServer } from '../../src/http/kernel/server.js';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const present = (program: string) => spawnSync(program, ['-v']).error === undefined;

const haveNginx = present('nginx') && present('openssl');
if (!haveNginx && process.env['CI'] === 'true') throw new Error('nginx and openssl are needed under CI=true');

describe('the image', () => {
  const dockerfile = read('Dockerfile');

  it('is sent everything it copies and nothing it does not', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      match[1]!.split(' '),
    );
    const sent = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map((match) => match[1]!);
    expect(new Set(copied)).toEqual(new Set(sent));
  });

  it('runs as a person without rights and asks the gateway itself whether it is well', () => {
    const runtime = dockerfile.slice(dockerfile.indexOf('AS runtime'));
    expect(runtime).toMatch(/^USER node$/m);
    expect(runtime).toContain('/livez');
    expect(runtime).toMatch(/rm -rf \/usr\/local\/lib\/node_modules/);
  });
});

describe('the compose file', () => {
  const compose = read('deploy/compose.yaml');

  it('gives PostgreSQL and Redis passwords, and to the gateway only as files', () => {
    for (const name of ['database-url', 'redis-url', 'master-key']) {
      const variable = `QAQPA_${name.toUpperCase().replace('-', '_')}_FILE`;
      expect(compose).toContain(`${variable}: /run/secrets/${name}`);
    }
    expect(compose).toMatch(/POSTGRES_PASSWORD_FILE: \/run\/secrets\/postgres-password/);
    expect(compose).not.toMatch(/(redis|postgres):\/\//);
    expect(compose).not.toContain('profiles:');
    const used = new Set([...compose.matchAll(/\/run\/secrets\/([a-z-]+)/g)].map(([, name]) => name));
    const made = new Set(
      [...read('deploy/make-secrets.sh').matchAll(/^make ([a-z-]+) /gm)].map(([, name]) => name),
    );
    expect(made).toEqual(used);
  });

  it('makes its secrets once, readable by their owner alone, and addresses that the configuration takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'qaqpa-secrets-'));
    try {
      writeFileSync(
        join(folder, 'make-secrets.sh'),
        read('deploy/make-secrets.sh').replace(/^ +chown.*$/gm, '  :'),
      );
      const make = () => execFileSync('sh', [join(folder, 'make-secrets.sh')], { stdio: 'ignore' });
      make();
      const files = readdirSync(join(folder, 'secrets')).map((name) => join(folder, 'secrets', name));
      const texts = (): string[] => files.map((file) => readFileSync(file, 'utf8'));
      const first = texts();
      make();
      expect(texts()).toEqual(first);
      for (const file of files) expect(statSync(file).mode & 0o077).toBe(0);
      const config = loadConfig({
        QAQPA_ORIGIN: 'https://gate.example.kz',
        QAQPA_MASTER_KEY_FILE: join(folder, 'secrets', 'master-key'),
        QAQPA_DATABASE_URL_FILE: join(folder, 'secrets', 'database-url'),
        QAQPA_REDIS_URL_FILE: join(folder, 'secrets', 'redis-url'),
      });
      expect(config.databaseUrl).toMatch(
        /^postgres:\/\/qaqpa:[0-9a-f]{48}@postgres:5432\/qaqpa\?sslmode=disable$/,
      );
      expect(config.redisUrl).toMatch(/^redis:\/\/:[0-9a-f]{48}@redis:6379\/0$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('makes no empty secret where there is no openssl, and all of them once there is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'qaqpa-secrets-'));
    try {
      const script = read('deploy/make-secrets.sh').replace(/^ +chown.*$/gm, '  :');
      writeFileSync(join(folder, 'make-secrets.sh'), script);
      const make = (before: string) =>
        spawnSync('sh', ['-c', `${before} . ./make-secrets.sh`], { cwd: folder, encoding: 'utf8' });
      const failed = make('openssl() { return 127; };');
      expect(failed.status).toBe(1);
      expect(failed.stderr).toContain('openssl');
      expect(readdirSync(join(folder, 'secrets'))).toEqual([]);
      expect(make('').status).toBe(0);
      const made = readdirSync(join(folder, 'secrets'));
      expect(made).toHaveLength(5);
      for (const name of made) expect(statSync(join(folder, 'secrets', name)).size).toBeGreaterThan(40);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  (present('redis-server') ? it : it.skip)(
    'starts a Redis that answers nobody without the password',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'qaqpa-redis-'));
      writeFileSync(join(folder, 'password'), 'hunter2');
      const [, script = ''] = /- \|\n((?: {8}.*\n)+)/.exec(compose) ?? [];
      const socket = join(folder, 'redis.sock');
      const own = script
        .replaceAll(/^ {8}/gm, '')
        .replaceAll('$$', '$')
        .replace('/run/secrets/redis-password', join(folder, 'password'))
        .replace('redis-server -', `redis-server - --port 0 --dir ${folder} --unixsocket ${socket}`);
      const redis = spawn('sh', ['-c', own], { stdio: 'ignore' });
      const ended = once(redis, 'exit');
      try {
        while (!existsSync(socket) && redis.exitCode === null) await wait(20);
        const ask = (env: Record<string, string>): string =>
          spawnSync('redis-cli', ['-s', socket, 'ping'], {
            env: { PATH: process.env['PATH'], ...env },
            encoding: 'utf8',
          }).stdout;
        expect(ask({})).toContain('NOAUTH');
        expect(ask({ REDISCLI_AUTH: 'hunter2' })).toBe('PONG\n');
        expect(readFileSync(`/proc/${redis.pid!}/cmdline`, 'utf8')).not.toContain('hunter2');
      } finally {
        redis.kill('SIGTERM');
        // It is the process itself that is told to stop, not a shell around it.
        await ended;
        rmSync(folder, { recursive: true });
      }
    },
  );
});

(haveNginx ? describe : describe.skip)('the nginx example', () => {
  it('is accepted by nginx', () => {
    const folder = mkdtempSync(join(tmpdir(), 'qaqpa-nginx-'));
    try {
      const [key, certificate] = ['key', 'crt'].map((end) => join(folder, `gate.example.kz.${end}`));
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-nodes',
          '-days',
          '2',
        ].concat(['-subj', '/CN=gate.example.kz', '-keyout', key!, '-out', certificate!]),
        { stdio: 'ignore' },
      );
      const conf = join(folder, 'nginx.conf');
      writeFileSync(
        conf,
        `pid ${folder}/nginx.pid;\n` +
          read('deploy/nginx.conf')
            .replaceAll('/etc/nginx/tls/', `${folder}/`)
            .replaceAll('/var/log/nginx/', `${folder}/`),
      );
      const { status, stderr } = spawnSync(
        'nginx',
        ['-t', '-p', folder, '-e', `${folder}/error.log`, '-c', conf],
        {
          encoding: 'utf8',
        },
      );
      expect(`${status} ${stderr}`).toMatch(/^0 [\s\S]*test is successful/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('lets go of a quiet connection before the gateway closes it', () => {
    const [, seconds] = /^ +keepalive_timeout (\d+)s;$/m.exec(read('deploy/nginx.conf')) ?? [];
    expect(Number(seconds) * 1_000).toBeLessThan(createHttpServer().keepAliveTimeout);
  });

  it('says over TLS alone what the gateway says as well, once', () => {
    const conf = read('deploy/nginx.conf');
    const added = [...conf.matchAll(/^ *add_header (\S+) /gm)].map(([, name]) => name);
    expect(added).toEqual(['Strict-Transport-Security', 'X-Content-Type-Options']);
    for (const name of added) expect(conf).toContain(`proxy_hide_header ${name!};`);
  });

  it('passes on no forwarding header that a visitor could have written', () => {
    const conf = read('deploy/nginx.conf');
    for (const header of ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'Forwarded']) {
      expect(conf).toMatch(new RegExp(`proxy_set_header ${header} (\\$remote_addr|\\$scheme|"");`));
    }
    expect(conf).not.toContain('$proxy_add_x_forwarded_for');
  });
});
