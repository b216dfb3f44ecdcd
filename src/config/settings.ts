/** Every setting of the gateway: its variable, how its text is read, what stands in when it is absent. */
import { z } from 'zod';
import {
  argon2,
  crlPoint,
  databaseUrl,
  duration,
  httpUrl,
  integer,
  list,
  masterKey,
  oneOf,
  onOff,
  path,
  proxy,
  rate,
  redisUrl,
  type Setting,
  url,
} from './value.js';

/** НУЦ РК's published addresses. Never taken from a certificate. */
const PRODUCTION_OCSP = 'http://ocsp.pki.gov.kz';
const PRODUCTION_TSP = 'http://tsp.pki.gov.kz';
const PRODUCTION_CRLS = [
  'http://crl.pki.gov.kz/nca_gost_2022.crl|http://crl.pki.gov.kz/nca_d_gost_2022.crl',
  'http://crl.pki.gov.kz/nca_rsa_2022.crl|http://crl.pki.gov.kz/nca_d_rsa_2022.crl',
  'http://crl.pki.gov.kz/nca_gost.crl|http://crl.pki.gov.kz/nca_d_gost.crl',
  'http://crl.pki.gov.kz/nca_rsa.crl|http://crl.pki.gov.kz/nca_d_rsa.crl',
  'http://crl.root.gov.kz/gost2015_2022.crl',
  'http://crl.root.gov.kz/gost2020.crl',
  'http://crl.root.gov.kz/rsa2020.crl',
  'http://crl.root.gov.kz/gost.crl',
  'http://crl.root.gov.kz/rsa.crl',
].join(' ');

export const SETTINGS = {
  QAQPA_ORIGIN: {
    schema: url(['http:', 'https:'], true),
    expects: 'scheme, host and port, such as https://gate.example.kz',
  },
  QAQPA_HOST: {
    schema: z.string().min(1, 'is empty'),
    fallback: '127.0.0.1',
    expects: 'the address to listen on, such as 0.0.0.0',
  },
  QAQPA_PORT: { ...integer(0, 65_535), fallback: '8080' },
  QAQPA_METRICS_HOST: {
    schema: z.string().min(1, 'is empty'),
    fallback: '127.0.0.1',
    expects: 'the address metrics listen on',
  },
  QAQPA_METRICS_PORT: integer(0, 65_535),
  QAQPA_LOG_LEVEL: { ...oneOf('fatal', 'error', 'warn', 'info', 'debug', 'silent'), fallback: 'info' },
  QAQPA_DATA_DIR: { schema: path, fallback: './data', expects: 'a folder the gateway may write to' },
  QAQPA_DATABASE_URL: {
    schema: databaseUrl,
    secret: true,
    expects: 'sqlite:/path/to/file.db or postgres://…',
  },
  /** Connections one process holds to PostgreSQL, and how long it waits for one, for a lock or for a statement. */
  QAQPA_DATABASE_POOL: { ...integer(2, 200), fallback: '10' },
  QAQPA_DATABASE_TIMEOUT: { ...duration('100ms', '60s'), fallback: '5s' },
  QAQPA_REDIS_URL: {
    schema: redisUrl,
    secret: true,
    expects: 'redis://host:6379/0, rediss://… or the path of a socket',
  },
  /** How long records of the audit log are kept, by blocks; `0d` for ever. */
  QAQPA_AUDIT_RETENTION: { ...duration('0d', '36500d'), fallback: '1827d' },
  QAQPA_MASTER_KEY: {
    schema: masterKey,
    secret: true,
    expects: 'the output of `openssl rand -base64 32`, kept apart from the database',
  },
  /** Only `qaqpa storage rotate-key` uses it. */
  QAQPA_NEXT_MASTER_KEY: {
    schema: masterKey,
    secret: true,
    expects: 'the output of `openssl rand -base64 32`, while the master key is rotated',
  },
  QAQPA_TRUST_DIR: { schema: path, expects: 'a folder with manifest.json and the CA certificates' },
  QAQPA_NCALAYER_URL: {
    schema: url(['wss:', 'ws:'], true),
    fallback: 'wss://127.0.0.1:13579',
    expects: 'where NCALayer listens on the visitor’s machine, such as wss://127.0.0.1:13579',
  },
  QAQPA_NCALAYER_ISSUERS: { ...oneOf('trusted', 'any'), fallback: 'trusted' },
  /** Only `qaqpa demo` uses it, for its NCALayer double. */
  QAQPA_NCALAYER_PORT: { ...integer(0, 65_535), fallback: '13579' },
  QAQPA_OCSP_URL: {
    schema: list(httpUrl),
    fallback: PRODUCTION_OCSP,
    expects: 'one or more http:// addresses of OCSP responders',
  },
  QAQPA_CRL_URLS: {
    schema: list(crlPoint),
    fallback: PRODUCTION_CRLS,
    expects: 'addresses of full CRLs, each with its delta after a |',
  },
  QAQPA_TSP_URL: {
    schema: httpUrl,
    fallback: PRODUCTION_TSP,
    expects: 'the http:// address of a time-stamp authority',
  },
  QAQPA_REVOCATION_TIMEOUT: { ...duration('100ms', '60s'), fallback: '4s' },
  QAQPA_OCSP_MAX_AGE: { ...duration('0s', '24h'), fallback: '10m' },
  QAQPA_OCSP_REUSE: { ...duration('0s', '1h'), fallback: '0s' },
  QAQPA_CLOCK_SKEW: { ...duration('0s', '10m'), fallback: '2m' },
  QAQPA_WATCH_EVERY: { ...duration('1s', '60s'), fallback: '60s' },
  QAQPA_WATCH_CONCURRENCY: { ...integer(1, 64), fallback: '8' },
  QAQPA_WATCH_PER_SECOND: { ...integer(1, 1000), fallback: '50' },
  QAQPA_CHALLENGE_LIFETIME: { ...duration('1s', '5m'), fallback: '5m' },
  QAQPA_SESSION_IDLE: { ...duration('1s', '24h'), fallback: '30m' },
  QAQPA_SESSION_LIFETIME: { ...duration('1s', '7d'), fallback: '12h' },
  QAQPA_STEP_UP: {
    schema: list(z.string().regex(/^[a-z.-]+$/, 'has an operation that is not named like one')),
    fallback:
      'members.change roles.change settings.change certificates.change personal-data.export platform.change',
    expects: 'the operations that are signed with the EDS, such as members.change roles.change, or none',
  },
  QAQPA_STEP_UP_FRESH: { ...duration('0s', '24h'), fallback: '15m' },
  QAQPA_SESSION_MAX: { ...integer(1, 1000), fallback: '10' },
  QAQPA_PASSWORD_ATTEMPTS: { ...integer(1, 10), fallback: '5' },
  /** What a new password must be: each rule is switched by itself (docs/decisions/0006). */
  QAQPA_PASSWORD_MIN_LENGTH: { ...integer(8, 64), fallback: '12' },
  QAQPA_PASSWORD_MAX_LENGTH: { ...integer(64, 256), fallback: '128' },
  QAQPA_PASSWORD_CLASSES: { ...integer(0, 4), fallback: '3' },
  QAQPA_PASSWORD_CONTEXT: { ...onOff, fallback: 'on' },
  QAQPA_PASSWORD_COMMON: { ...onOff, fallback: 'on' },
  QAQPA_PASSWORD_REUSE: { ...integer(0, 24), fallback: '10' },
  QAQPA_PASSWORD_MAX_AGE: { ...duration('0d', '3650d'), fallback: '90d' },
  /** Made by `qaqpa passwords build-breached-set`. */
  QAQPA_BREACHED_PASSWORDS: { schema: path, expects: 'a file made by `qaqpa passwords build-breached-set`' },
  /** How long a password lets in that an operator set. */
  QAQPA_PASSWORD_TEMPORARY: { ...duration('1h', '30d'), fallback: '72h' },
  QAQPA_PASSWORD_ARGON2: { ...argon2, fallback: 'm=19456,t=2,p=1' },
  QAQPA_CHECKSUMS: { ...oneOf('warn', 'refuse'), fallback: 'warn' },
  /** Which people may register by themselves; an invitation is good in any case. */
  QAQPA_REGISTRATION: {
    schema: z
      .string()
      .transform((text) => (text.trim() === 'none' ? '' : text))
      .pipe(list(oneOf('legal-entity', 'employee', 'sole-proprietor', 'individual').schema)),
    // A personal key founds an organisation that may invite anybody, so that is for whoever wants it.
    fallback: 'legal-entity employee',
    expects: 'any of legal-entity, employee, sole-proprietor, individual, or none',
  },
  /** Registrations of one person in a day, and invitations of one organisation: of a legal entity, and of who practises alone. */
  QAQPA_REGISTRATIONS_PER_DAY: { ...integer(1, 1000), fallback: '5' },
  QAQPA_INVITATIONS_PER_DAY: { ...integer(1, 100_000), fallback: '500' },
  QAQPA_INVITATIONS_PER_DAY_ALONE: { ...integer(1, 100_000), fallback: '20' },
  QAQPA_TERMS_DIR: { schema: path, expects: 'a folder with manifest.json and the texts of the terms' },
  QAQPA_TERMS_AT_SIGN_IN: { ...oneOf('ask', 'skip'), fallback: 'ask' },
  QAQPA_TERMS_GRACE_DAYS: { ...integer(0, 365), fallback: '14' },
  /** Challenges that are kept at a time: of one address, and of all. */
  QAQPA_CHALLENGES_PER_ADDRESS: { ...integer(10, 1_000_000), fallback: '2000' },
  QAQPA_CHALLENGES_MAX: { ...integer(1_000, 10_000_000), fallback: '100000' },
  // An office of 500 behind one address signs in within a minute, and some of it twice.
  QAQPA_RATE_CHALLENGE: { ...rate, fallback: '1200/1m' },
  QAQPA_RATE_LOGIN: { ...rate, fallback: '1200/1m' },
  QAQPA_RATE_PASSWORD: { ...rate, fallback: '60/1m' },
  QAQPA_RATE_REGISTRATION: { ...rate, fallback: '60/1m' },
  QAQPA_RATE_INVITATION: { ...rate, fallback: '20/10m' },
  /** Failures with passwords, whoever they are tried on: what slows down trying one password on many people. */
  QAQPA_RATE_PASSWORD_FAILURES: { ...rate, fallback: '100/1h' },
  /** The same of all visitors together, and on one person, whether there is such a person or not. */
  QAQPA_RATE_PASSWORD_FAILURES_IN_ALL: { ...rate, fallback: '10000/1h' },
  QAQPA_RATE_PASSWORD_ACCOUNT: { ...rate, fallback: '30/1h' },
  /** Changes of one's own password. */
  QAQPA_RATE_PASSWORD_CHANGE: { ...rate, fallback: '60/1m' },
  QAQPA_RATE_VERIFY: { ...rate, fallback: '600/1m' },
  /** Credentials of API clients that are none, by address. */
  QAQPA_RATE_CLIENT_FAILURES: { ...rate, fallback: '30/1m' },
  /** Calls of people at work in the API: by address, behind which a whole office may sit, and by session. */
  QAQPA_RATE_MANAGE: { ...rate, fallback: '1200/1m' },
  QAQPA_RATE_SESSION: { ...rate, fallback: '300/1m' },
  /** How many times the limit of one address a /24 (IPv6: /48) has, and a /16 (/32). */
  QAQPA_RATE_PER_NETWORK: { ...integer(1, 1000), fallback: '4' },
  QAQPA_RATE_PER_PROVIDER: { ...integer(1, 100_000), fallback: '16' },
  QAQPA_TRUSTED_PROXIES: {
    schema: list(proxy),
    fallback: '',
    expects: 'addresses or networks of your own reverse proxies, such as 10.0.0.5 or loopback',
  },
  QAQPA_VERIFY_BODY_LIMIT: integer(1024, 268_435_456),
  QAQPA_WORKERS: integer(0, 256),
  /** How long `/readyz` says that the gateway stops before it takes no more connections: as long as balancers take to notice. */
  QAQPA_STOP_DELAY: { ...duration('0s', '5m'), fallback: '0s' },
  QAQPA_STOP_GRACE: { ...duration('0s', '5m'), fallback: '10s' },
} satisfies Record<string, Setting<unknown>>;
