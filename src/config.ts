/**
 * One configuration object, read once from `QAQPA_*` and frozen. Everything wrong with it is reported together, with the name of the
 * variable and what to do; a variable we do not know is a mistake too, because a misspelt limit is a limit that is off.
 */
import { type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { type PasswordCost } from './passwords/hasher.js';
import { type PasswordRules } from './passwords/rules/rules.js';
import { type ChallengeBounds } from './challenge/room.js';
import { contradictions } from './config/contradictions.js';
import { type Environment, readSettings, type Values } from './config/environment.js';
import { ConfigError, type ConfigMistake } from './config/mistake.js';
import { SETTINGS } from './config/settings.js';
import { type CrlPoint, type RateLimit } from './config/value.js';
import { type RegistrationKind } from './joining/enrolment.js';
import { documentRoom, memoryAtHand } from './memory/memory-at-hand.js';
import { isOperationName, OPERATION_NAMES, type OperationName } from './sessions/operation-name.js';
import { parseDatabaseUrl } from './storage/engines/database-url.js';
import { StorageError } from './storage/error.js';

export interface Config {
  /** Scheme, host and port under which people reach the gateway; `null`: `http://localhost:` and the port it got. */
  readonly origin: string | null;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** `null`: no metrics listener. */
  readonly metrics: { readonly host: string; readonly port: number } | null;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  readonly dataDir: string;
  /** `sqlite:<path>` (absolute) or `postgres://…`. */
  readonly databaseUrl: string;
  /** Only PostgreSQL has use for it. */
  readonly database: { readonly connections: number; readonly timeoutMs: number };
  readonly redisUrl: string | null;
  /** How long records of the audit log are kept; `null`: for ever. */
  readonly auditRetentionMs: number | null;
  /**
   * 32 octets that wrap every person's key; `null` only for an origin on this machine, where `serve` makes a key file in the data
   * folder. A KeyObject, so that no log or error can print it by accident.
   */
  readonly masterKey: KeyObject | null;
  /** What `storage rotate-key` makes of it, where it is not a file in the data folder. */
  readonly nextMasterKey: KeyObject | null;
  /** Folder with `manifest.json`; `null`: the certificates shipped with the program. */
  readonly trustDir: string | null;
  readonly ncalayer: {
    /** Where NCALayer listens on the visitor's machine; the only other address the page may connect to. */
    readonly url: string;
    /** Whose keys NCALayer may offer: those it trusts itself, or any (test certificates). The gateway decides all the same. */
    readonly issuers: 'trusted' | 'any';
    /** Where the double of `qaqpa demo` listens; the gateway itself has no use for it. */
    readonly doublePort: number;
  };
  readonly revocation: {
    readonly ocspUrls: readonly string[];
    readonly crls: readonly CrlPoint[];
    readonly tspUrl: string | null;
    readonly timeoutMs: number;
    /** How long an OCSP answer may stand in while no responder can be reached. */
    readonly ocspMaxAgeMs: number;
    /** How long an OCSP answer inside its own window is used without asking again; 0: every question is asked. */
    readonly ocspReuseMs: number;
    readonly clockSkewMs: number;
  };
  /** The watch over the certificates of live sessions; each is looked at within four times `everyMs`. */
  readonly watch: { readonly everyMs: number; readonly concurrency: number; readonly perSecond: number };
  readonly challengeLifetimeMs: number;
  /** Challenges kept at a time. */
  readonly challengeBounds: ChallengeBounds;
  readonly session: {
    readonly idleMs: number;
    readonly lifetimeMs: number;
    /** Live sessions of one membership; one more ends the oldest. */
    readonly maxConcurrent: number;
  };
  readonly stepUp: {
    /** Operations everybody signs with the EDS; organisations may add to them. */
    readonly operations: readonly OperationName[];
    /** How long an EDS sign-in stands in for signing them. */
    readonly freshMs: number;
  };
  /** Consecutive wrong passwords that close the password path. */
  readonly passwordAttempts: number;
  readonly passwordRules: PasswordRules;
  /** The file of breached passwords. */
  readonly breachedPasswords: string | null;
  /** How long a password lets in that an operator set. */
  readonly passwordTemporaryMs: number;
  /** Of argon2id. A hash of another cost is replaced at the next right use. */
  readonly passwordCost: PasswordCost;
  /** Control digits of IIN and BIN that do not add up: note it, or refuse. */
  readonly checksums: 'warn' | 'refuse';
  /** Who may register without an invitation; empty: nobody. */
  readonly registration: readonly RegistrationKind[];
  /** How often in any twenty-four hours. */
  readonly perDay: {
    /** One person registers. */
    readonly registrations: number;
    /** One organisation invites: a legal entity, or somebody who practises alone. */
    readonly invitations: { readonly legalEntity: number; readonly alone: number };
  };
  readonly terms: {
    /** Folder with `manifest.json`; `null`: the texts shipped with the program. */
    readonly dir: string | null;
    /** Whether people who have not accepted the version in force must do so when they sign in. */
    readonly atSignIn: 'ask' | 'skip';
    /** How long a password is good without: its holder may have no key at hand. */
    readonly passwordGraceMs: number;
  };
  readonly rates: {
    readonly challenge: RateLimit;
    readonly login: RateLimit;
    readonly password: RateLimit;
    readonly registration: RateLimit;
    readonly invitation: RateLimit;
    /** Wrong passwords, on whomever they are tried. */
    readonly passwordFailures: RateLimit;
    /** The same of all visitors together. */
    readonly passwordFailuresInAll: RateLimit;
    /** Wrong passwords on one person, existing or not. */
    readonly passwordAccount: RateLimit;
    /** Changes of one's own password. */
    readonly passwordChange: RateLimit;
    readonly clientFailures: RateLimit;
    readonly verify: RateLimit;
    /** Calls of people at work in the API, by address. */
    readonly manage: RateLimit;
    /** The same by session. */
    readonly session: RateLimit;
  };
  /** How many times the limit of one address the networks around it have: a /24 or /48, a /16 or /32. */
  readonly rateWidths: { readonly network: number; readonly provider: number };
  /** Addresses or networks whose `X-Forwarded-*` are believed. Empty: nobody's. */
  readonly trustedProxies: readonly string[];
  readonly verifyBodyLimit: number;
  /** Threads that judge signatures; 0: the gateway's own thread does; `null`: as many as suit the machine. */
  readonly workers: number | null;
  /** How long the gateway says that it stops before it takes no more connections. */
  readonly stopDelayMs: number;
  /** How long requests under way may take to finish after a stop signal. */
  readonly stopGraceMs: number;
}

/** What whoever opens the store would refuse, found before anything is started. */
function mistakesOfDatabase(databaseUrl: string): ConfigMistake[] {
  try {
    parseDatabaseUrl(databaseUrl);
    return [];
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const remedy = `Set it to ${SETTINGS.QAQPA_DATABASE_URL.expects} (docs/operations.md)`;
    return [{ variable: 'QAQPA_DATABASE_URL', problem: error.message, remedy }];
  }
}

/** A name nobody asks for would be an operation that nobody has to sign. */
function mistakesOfStepUp(operations: readonly string[]): ConfigMistake[] {
  const unknown = operations.find((operation) => operation !== 'none' && !isOperationName(operation));
  if (unknown === undefined) return [];
  const problem = `names an operation that does not exist: ${unknown}`;
  return [{ variable: 'QAQPA_STEP_UP', problem, remedy: `Choose among ${OPERATION_NAMES.join(', ')}` }];
}

/**
 * Reads and checks the configuration.
 *
 * @param env the environment; only `QAQPA_*` are looked at, and the files that `QAQPA_*_FILE` name
 * @throws ConfigError with every mistake at once
 */
export function loadConfig(env: Environment): Config {
  const { values, mistakes: unreadable } = readSettings(env);
  const { QAQPA_DATABASE_URL: database, QAQPA_STEP_UP: operations = [] } = values;
  const mistakes = [
    ...unreadable,
    ...contradictions(values),
    ...(database == null ? [] : mistakesOfDatabase(database)),
    ...mistakesOfStepUp(operations),
  ];
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  // Complete: a setting is missing only where there was a mistake.
  return assemble(values as Values);
}

function assemble(values: Values): Config {
  const dataDir = values.QAQPA_DATA_DIR;
  const metricsPort = values.QAQPA_METRICS_PORT;
  return deepFreeze({
    origin: values.QAQPA_ORIGIN,
    host: values.QAQPA_HOST,
    port: values.QAQPA_PORT,
    metrics: metricsPort === null ? null : { host: values.QAQPA_METRICS_HOST, port: metricsPort },
    logLevel: values.QAQPA_LOG_LEVEL,
    dataDir,
    databaseUrl: values.QAQPA_DATABASE_URL ?? `sqlite:${resolve(dataDir, 'qaqpa.db')}`,
    database: {
      connections: values.QAQPA_DATABASE_POOL,
      timeoutMs: values.QAQPA_DATABASE_TIMEOUT,
    },
    redisUrl: values.QAQPA_REDIS_URL,
    auditRetentionMs: values.QAQPA_AUDIT_RETENTION === 0 ? null : values.QAQPA_AUDIT_RETENTION,
    masterKey: values.QAQPA_MASTER_KEY,
    nextMasterKey: values.QAQPA_NEXT_MASTER_KEY,
    trustDir: values.QAQPA_TRUST_DIR,
    ncalayer: {
      url: values.QAQPA_NCALAYER_URL,
      issuers: values.QAQPA_NCALAYER_ISSUERS,
      doublePort: values.QAQPA_NCALAYER_PORT,
    },
    revocation: {
      ocspUrls: values.QAQPA_OCSP_URL,
      crls: values.QAQPA_CRL_URLS,
      tspUrl: values.QAQPA_TSP_URL,
      timeoutMs: values.QAQPA_REVOCATION_TIMEOUT,
      ocspMaxAgeMs: values.QAQPA_OCSP_MAX_AGE,
      ocspReuseMs: values.QAQPA_OCSP_REUSE,
      clockSkewMs: values.QAQPA_CLOCK_SKEW,
    },
    watch: {
      everyMs: values.QAQPA_WATCH_EVERY,
      concurrency: values.QAQPA_WATCH_CONCURRENCY,
      perSecond: values.QAQPA_WATCH_PER_SECOND,
    },
    challengeLifetimeMs: values.QAQPA_CHALLENGE_LIFETIME,
    challengeBounds: {
      perAddress: values.QAQPA_CHALLENGES_PER_ADDRESS,
      inAll: values.QAQPA_CHALLENGES_MAX,
      widths: [values.QAQPA_RATE_PER_NETWORK, values.QAQPA_RATE_PER_PROVIDER],
    },
    session: {
      idleMs: values.QAQPA_SESSION_IDLE,
      lifetimeMs: values.QAQPA_SESSION_LIFETIME,
      maxConcurrent: values.QAQPA_SESSION_MAX,
    },
    stepUp: {
      operations: values.QAQPA_STEP_UP.filter(isOperationName),
      freshMs: values.QAQPA_STEP_UP_FRESH,
    },
    passwordAttempts: values.QAQPA_PASSWORD_ATTEMPTS,
    passwordRules: {
      minLength: values.QAQPA_PASSWORD_MIN_LENGTH,
      maxLength: values.QAQPA_PASSWORD_MAX_LENGTH,
      characterClasses: values.QAQPA_PASSWORD_CLASSES,
      context: values.QAQPA_PASSWORD_CONTEXT,
      common: values.QAQPA_PASSWORD_COMMON,
      breached: values.QAQPA_BREACHED_PASSWORDS !== null,
      reuse: values.QAQPA_PASSWORD_REUSE,
      maxAgeMs: values.QAQPA_PASSWORD_MAX_AGE,
    },
    breachedPasswords: values.QAQPA_BREACHED_PASSWORDS,
    passwordTemporaryMs: values.QAQPA_PASSWORD_TEMPORARY,
    passwordCost: values.QAQPA_PASSWORD_ARGON2,
    checksums: values.QAQPA_CHECKSUMS,
    registration: values.QAQPA_REGISTRATION,
    perDay: {
      registrations: values.QAQPA_REGISTRATIONS_PER_DAY,
      invitations: {
        legalEntity: values.QAQPA_INVITATIONS_PER_DAY,
        alone: values.QAQPA_INVITATIONS_PER_DAY_ALONE,
      },
    },
    terms: {
      dir: values.QAQPA_TERMS_DIR,
      atSignIn: values.QAQPA_TERMS_AT_SIGN_IN,
      passwordGraceMs: values.QAQPA_TERMS_GRACE_DAYS * 24 * 60 * 60_000,
    },
    rates: {
      challenge: values.QAQPA_RATE_CHALLENGE,
      login: values.QAQPA_RATE_LOGIN,
      password: values.QAQPA_RATE_PASSWORD,
      registration: values.QAQPA_RATE_REGISTRATION,
      invitation: values.QAQPA_RATE_INVITATION,
      passwordFailures: values.QAQPA_RATE_PASSWORD_FAILURES,
      passwordFailuresInAll: values.QAQPA_RATE_PASSWORD_FAILURES_IN_ALL,
      passwordAccount: values.QAQPA_RATE_PASSWORD_ACCOUNT,
      passwordChange: values.QAQPA_RATE_PASSWORD_CHANGE,
      verify: values.QAQPA_RATE_VERIFY,
      clientFailures: values.QAQPA_RATE_CLIENT_FAILURES,
      manage: values.QAQPA_RATE_MANAGE,
      session: values.QAQPA_RATE_SESSION,
    },
    rateWidths: { network: values.QAQPA_RATE_PER_NETWORK, provider: values.QAQPA_RATE_PER_PROVIDER },
    trustedProxies: values.QAQPA_TRUSTED_PROXIES,
    verifyBodyLimit: values.QAQPA_VERIFY_BODY_LIMIT ?? documentRoom(memoryAtHand()),
    workers: values.QAQPA_WORKERS,
    stopDelayMs: values.QAQPA_STOP_DELAY,
    stopGraceMs: values.QAQPA_STOP_GRACE,
  });
}

/** Plain objects and lists all the way down; a KeyObject is left as it is. */
function deepFreeze<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value) as unknown[]) {
    if (typeof inner !== 'object' || inner === null) continue;
    if (Array.isArray(inner) || Object.getPrototypeOf(inner) === Object.prototype) deepFreeze(inner);
  }
  return Object.freeze(value);
}
