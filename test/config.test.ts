import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_PASSWORD_COST } from '../src/passwords/hasher.js';
import { DEFAULT_PASSWORD_RULES } from '../src/passwords/rules/rules.js';
import { loadConfig } from '../src/config.js';
import { describeSettings } from '../src/config/environment.js';
import { ConfigError, type ConfigMistake } from '../src/config/mistake.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const PRODUCTION = { QAQPA_ORIGIN: 'https://gate.example.kz', QAQPA_MASTER_KEY: KEY };

function mistakesOf(env: Record<string, string>): readonly ConfigMistake[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

function secretFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'qaqpa-config-')), 'secret');
  writeFileSync(file, text);
  return file;
}

describe('configuration', () => {
  it('needs nothing on this machine', () => {
    const config = loadConfig({ PATH: '/bin' });
    expect(config).toMatchObject({
      origin: null,
      port: 8080,
      host: '127.0.0.1',
      metrics: null,
      masterKey: null,
    });
    expect(config.databaseUrl).toMatch(/^sqlite:\/.*qaqpa\.db$/);
    expect(config.trustedProxies).toEqual([]);
  });

  it('is frozen through and through', () => {
    const config = loadConfig(PRODUCTION);
    expect(() => {
      (config as { port: number }).port = 1;
    }).toThrow(TypeError);
    expect(() => {
      (config.rates.login as { points: number }).points = 1e9;
    }).toThrow(TypeError);
    expect(() => (config.trustedProxies as string[]).push('0.0.0.0/1')).toThrow(TypeError);
  });

  it('says everything that is wrong at once, each with its variable and a remedy', () => {
    const mistakes = mistakesOf({
      QAQPA_ORIGIN: 'gate.example.kz',
      QAQPA_PORT: '80800',
      QAQPA_LOG_LEVEL: 'verbose',
      QAQPA_SESSION_IDLE: 'half an hour',
      QAQPA_OCSP_URL: 'ftp://ocsp.example.kz',
      QAQPA_RATE_LOGIN: '0/1m',
    });
    expect(mistakes.map(({ variable }) => variable).sort()).toEqual([
      'QAQPA_LOG_LEVEL',
      'QAQPA_OCSP_URL',
      'QAQPA_ORIGIN',
      'QAQPA_PORT',
      'QAQPA_RATE_LOGIN',
      'QAQPA_SESSION_IDLE',
    ]);
    for (const { problem, remedy } of mistakes) expect([problem, remedy]).not.toContain('');
  });

  it('does not know misspelt variables, and guesses what was meant', () => {
    const [mistake, ...others] = mistakesOf({ QAQPA_RATE_LOGNI: '5/1m' });
    expect(others).toEqual([]);
    expect(mistake).toMatchObject({
      variable: 'QAQPA_RATE_LOGNI',
      remedy: expect.stringContaining('QAQPA_RATE_LOGIN'),
    });
  });

  it.each([
    ['http outside this machine', { ...PRODUCTION, QAQPA_ORIGIN: 'http://gate.example.kz' }, 'QAQPA_ORIGIN'],
    [
      'an origin with a path',
      { ...PRODUCTION, QAQPA_ORIGIN: 'https://gate.example.kz/login' },
      'QAQPA_ORIGIN',
    ],
    [
      'an origin with a password',
      { ...PRODUCTION, QAQPA_ORIGIN: 'https://u:p@gate.example.kz' },
      'QAQPA_ORIGIN',
    ],
    ['no master key in public', { QAQPA_ORIGIN: 'https://gate.example.kz' }, 'QAQPA_MASTER_KEY'],
    ['a short master key', { ...PRODUCTION, QAQPA_MASTER_KEY: 'c2hvcnQ=' }, 'QAQPA_MASTER_KEY'],
    [
      'an idle limit above the absolute one',
      { QAQPA_SESSION_IDLE: '2h', QAQPA_SESSION_LIFETIME: '1h' },
      'QAQPA_SESSION_IDLE',
    ],
    ['a challenge that lives too long', { QAQPA_CHALLENGE_LIFETIME: '6m' }, 'QAQPA_CHALLENGE_LIFETIME'],
    ['proxies everywhere', { QAQPA_TRUSTED_PROXIES: '0.0.0.0/0' }, 'QAQPA_TRUSTED_PROXIES'],
    ['a proxy by name', { QAQPA_TRUSTED_PROXIES: 'proxy.example.kz' }, 'QAQPA_TRUSTED_PROXIES'],
    ['no source of revocation', { QAQPA_OCSP_URL: ' ', QAQPA_CRL_URLS: ' ' }, 'QAQPA_OCSP_URL'],
    ['a database nobody speaks', { QAQPA_DATABASE_URL: 'mysql://h/db' }, 'QAQPA_DATABASE_URL'],
    ['a database in memory', { QAQPA_DATABASE_URL: 'sqlite::memory:' }, 'QAQPA_DATABASE_URL'],
    ['no name of a database', { QAQPA_DATABASE_URL: 'postgres://u@127.0.0.1/' }, 'QAQPA_DATABASE_URL'],
    [
      'TLS that proves nobody',
      { QAQPA_DATABASE_URL: 'postgres://db.example.kz/q?sslmode=require' },
      'QAQPA_DATABASE_URL',
    ],
    [
      'a parameter PostgreSQL would not be asked with',
      { QAQPA_DATABASE_URL: 'postgres://h/q?options=-c%20fsync=off' },
      'QAQPA_DATABASE_URL',
    ],
    [
      'a certificate file that is not there',
      { QAQPA_DATABASE_URL: 'postgres://h/q?sslrootcert=/nowhere/ca.pem' },
      'QAQPA_DATABASE_URL',
    ],
    ['a pool of nobody', { QAQPA_DATABASE_POOL: '0' }, 'QAQPA_DATABASE_POOL'],
    ['a database that is waited for without end', { QAQPA_DATABASE_TIMEOUT: '1h' }, 'QAQPA_DATABASE_TIMEOUT'],
    ['NCALayer over http', { QAQPA_NCALAYER_URL: 'https://127.0.0.1:13579' }, 'QAQPA_NCALAYER_URL'],
    ['a CRL with two deltas', { QAQPA_CRL_URLS: 'http://a/1|http://a/2|http://a/3' }, 'QAQPA_CRL_URLS'],
    ['a secret file that is not there', { QAQPA_MASTER_KEY_FILE: '/nowhere/key' }, 'QAQPA_MASTER_KEY_FILE'],
    ['a setting that is no secret in a file', { QAQPA_PORT_FILE: '/nowhere/port' }, 'QAQPA_PORT_FILE'],
  ])('refuses %s', (_what, env, variable) => {
    expect(mistakesOf(env as Record<string, string>).map((mistake) => mistake.variable)).toEqual([variable]);
  });

  it('has the rules for passwords that were promised, and lets each be switched', () => {
    expect(loadConfig({})).toMatchObject({
      passwordRules: DEFAULT_PASSWORD_RULES,
      passwordCost: DEFAULT_PASSWORD_COST,
    });
    const { passwordRules, passwordCost } = loadConfig({
      QAQPA_PASSWORD_MIN_LENGTH: '15',
      QAQPA_PASSWORD_MAX_LENGTH: '64',
      QAQPA_PASSWORD_CLASSES: '0',
      QAQPA_PASSWORD_CONTEXT: 'off',
      QAQPA_PASSWORD_COMMON: 'off',
      QAQPA_PASSWORD_REUSE: '0',
      QAQPA_PASSWORD_MAX_AGE: '0d',
      QAQPA_PASSWORD_ARGON2: 'm=65536,t=3,p=4',
    });
    expect(passwordRules).toEqual({
      minLength: 15,
      breached: false,
      maxLength: 64,
      characterClasses: 0,
      context: false,
      common: false,
      reuse: 0,
      maxAgeMs: 0,
    });
    expect(passwordCost).toEqual({ memoryKiB: 65_536, passes: 3, lanes: 4 });
  });

  it('says everything that is wrong with the rules for passwords at once', () => {
    const wrong = {
      QAQPA_PASSWORD_MIN_LENGTH: '7',
      QAQPA_PASSWORD_MAX_LENGTH: '257',
      QAQPA_PASSWORD_CLASSES: '5',
      QAQPA_PASSWORD_CONTEXT: 'yes',
      QAQPA_PASSWORD_COMMON: 'no',
      QAQPA_PASSWORD_REUSE: '-1',
      QAQPA_PASSWORD_MAX_AGE: '90',
      QAQPA_PASSWORD_ARGON2: 'm=19456,t=1,p=1',
    };
    expect(
      mistakesOf(wrong)
        .map(({ variable }) => variable)
        .sort(),
    ).toEqual(Object.keys(wrong).sort());
  });

  it.each(['m=19456,t=2', 'm=1024,t=99,p=1', 'm=19456,t=2,p=0', 'm=9999999,t=9,p=1', 'm=35840,t=1,p=8'])(
    'does not keep passwords at the cost %s',
    (cost) => {
      expect(mistakesOf({ QAQPA_PASSWORD_ARGON2: cost }).map(({ variable }) => variable)).toEqual([
        'QAQPA_PASSWORD_ARGON2',
      ]);
    },
  );

  it('takes secrets from files, but not from both places', () => {
    const file = secretFile(`${KEY}\n`);
    const origin = { QAQPA_ORIGIN: 'https://gate.example.kz' };
    expect(loadConfig({ ...origin, QAQPA_MASTER_KEY_FILE: file }).masterKey?.export()).toEqual(
      Buffer.alloc(32, 7),
    );
    expect(mistakesOf({ ...origin, QAQPA_MASTER_KEY: KEY, QAQPA_MASTER_KEY_FILE: file })).not.toEqual([]);
  });

  it('takes every address of a database that the store would take, and says how to wait for it', () => {
    const socket = 'postgres://qaqpa@/qaqpa?host=/var/run/postgresql';
    expect(loadConfig({ QAQPA_DATABASE_URL: socket }).databaseUrl).toBe(socket);
    expect(loadConfig({ QAQPA_DATABASE_URL: 'sqlite:///srv/qaqpa.db' }).databaseUrl).toBe(
      'sqlite:///srv/qaqpa.db',
    );
    expect(loadConfig({ QAQPA_DATABASE_POOL: '3', QAQPA_DATABASE_TIMEOUT: '2s' }).database).toEqual({
      connections: 3,
      timeoutMs: 2000,
    });
  });

  it('never shows a secret: not in mistakes, not in lists, not when printed', () => {
    const secret = 'hunter2-hunter2-hunter2';
    const env = {
      QAQPA_MASTER_KEY: secret,
      QAQPA_REDIS_URL: `http://:${secret}@redis`,
      QAQPA_DATABASE_URL: `mysql://u:${secret}@h/db`,
    };
    const told = JSON.stringify([mistakesOf(env), describeSettings(env)]);
    expect(mistakesOf(env)).toHaveLength(3);
    expect(told).not.toContain(secret);
    const { masterKey } = loadConfig(PRODUCTION);
    expect([inspect({ masterKey }), JSON.stringify({ masterKey })].join()).not.toContain(KEY.slice(0, 20));
  });

  it.each(['a/b', 'a?b', 'a#b', 'a@b', 'a:b', 'a%b', '100%', 'a b', '1/2', 'p@ss/w0rd#'])(
    'says how the password %j is written in the address of a store, and does not show it',
    (password) => {
      const unescaped = `hunter2${password}`;
      for (const [variable, address] of [
        ['QAQPA_DATABASE_URL', `postgres://qaqpa:${unescaped}@db.example.kz:5432/qaqpa`],
        ['QAQPA_REDIS_URL', `redis://:${unescaped}@redis.example.kz:6379/0`],
        ['QAQPA_REDIS_URL', `rediss://qaqpa:${unescaped}@redis.example.kz:6379`],
      ] as const) {
        const [mistake, ...others] = mistakesOf({ [variable]: address });
        expect(mistake).toMatchObject({ variable, problem: expect.stringContaining('%40') });
        expect([JSON.stringify(mistake).includes('hunter2'), others]).toEqual([false, []]);
      }
      const escaped = encodeURIComponent(unescaped);
      const config = loadConfig({
        QAQPA_DATABASE_URL: `postgres://qaqpa:${escaped}@127.0.0.1:5432/qaqpa`,
        QAQPA_REDIS_URL: `redis://:${escaped}@127.0.0.1:6379/0`,
      });
      expect(config.databaseUrl).toContain(escaped);
    },
  );

  it.each([
    ['QAQPA_DATABASE_URL', 'postgres://qaqpa:secret@/qaqpa?host=/run/postgresql'],
    ['QAQPA_DATABASE_URL', 'postgres://[::1]:5432/qaqpa'],
    ['QAQPA_REDIS_URL', 'redis://redis:6379/0'],
    ['QAQPA_REDIS_URL', 'redis://[::1]:6379'],
    ['QAQPA_REDIS_URL', '/run/redis/redis.sock'],
    ['QAQPA_REDIS_URL', 'unix:///run/redis/redis.sock'],
  ])('takes %s=%s as it is', (variable, address) => {
    expect(mistakesOf({ [variable]: address })).toEqual([]);
  });

  it('reads full and delta lists in pairs', () => {
    const { crls } = loadConfig({
      QAQPA_CRL_URLS: 'http://a.kz/1.crl|http://a.kz/1d.crl, http://a.kz/2.crl',
    }).revocation;
    expect(crls).toEqual([
      { url: 'http://a.kz/1.crl', deltaUrl: 'http://a.kz/1d.crl' },
      { url: 'http://a.kz/2.crl', deltaUrl: null },
    ]);
  });
});

describe('docs/configuration.md', () => {
  const rows = readFileSync(join(import.meta.dirname, '../docs/configuration.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `QAQPA_'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^[| ]+|[| ]+$/g, '')));

  it('has every setting once, and nothing else', () => {
    const documented = rows.map(([variable]) => variable!.replaceAll('`', ''));
    expect(documented.sort()).toEqual(
      describeSettings({})
        .map(({ variable }) => variable)
        .sort(),
    );
  });

  it('tells the defaults the program has, where they are not said in words', () => {
    const told = new Map(rows.map(([variable, value]) => [variable, value]));
    const given = describeSettings({}).filter(({ value }) => value !== '-' && !value.includes('http://'));
    expect(given.map(({ variable }) => [variable, told.get(`\`${variable}\``)])).toEqual(
      given.map(({ variable, value }) => [variable, `\`${value}\``]),
    );
  });
});
