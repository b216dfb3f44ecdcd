import { dirname } from 'node:path';
import { type Kysely } from 'kysely';
import { type BinClaims } from '../accounts/bin-claim.js';
import { type AccountDirectory } from '../accounts/directory.js';
import { type BreachedPasswords } from '../passwords/breached-passwords.js';
import { type InvitationAttempts } from '../accounts/invitation-attempts.js';
import {
  createPasswords,
  inPlaces,
  PASSWORD_MAX_FAILURES,
  PASSWORD_TEMPORARY_MS,
  type Passwords,
} from '../passwords/password.js';
import {
  createPasswordHasher,
  DEFAULT_PASSWORD_COST,
  type PasswordCost,
  type PasswordHasher,
} from '../passwords/hasher.js';
import { createPasswordThreads, type HashingStatus, type PasswordThreads } from '../passwords/threads.js';
import { DEFAULT_PASSWORD_RULES, type PasswordRules } from '../passwords/rules/rules.js';
import { type ProvisionalAccesses } from '../accounts/provisional.js';
import { type AuditLog } from '../audit/log.js';
import { type ChallengeBounds, DEFAULT_CHALLENGE_BOUNDS } from '../challenge/room.js';
import { type ChallengeStore } from '../challenge/store.js';
import { createTermsLedger, type TermsLedger, type TermsPolicy } from '../personal-data/terms-ledger.js';
import { type ApiClients, createApiClients } from '../clients/api-client.js';
import { type JobClaims } from '../jobs/claim.js';
import { type CertificateChecks } from '../sessions/certificate-checks.js';
import { DEFAULT_SESSION_LIMITS, type SessionLimits } from '../sessions/session.js';
import { createSessions, type Sessions } from '../sessions/sessions.js';
import { type StepUpSignatures } from '../sessions/step-up-evidence.js';
import { type SessionStore } from '../sessions/store.js';
import { deleteOldRecords } from './upkeep/audit-retention.js';
import { type DatabaseAddress, parseDatabaseUrl } from './engines/database-url.js';
import { type DiskSpace, diskSpaceOf } from './upkeep/disk-space.js';
import { openDatabase, pingDatabase } from './engines/engine.js';
import { createDatabaseProbe } from './upkeep/health.js';
import { createFieldCipher, type FieldCipher } from './keys/field-cipher.js';
import { proveMasterKey } from './keys/master-key-proof.js';
import { claimFor, type Purpose } from './tables/purpose.js';
import { DEFAULT_POSTGRES_OPTIONS, type PostgresOptions } from './engines/postgres.js';
import { createRedisChallenges } from './redis/challenges.js';
import { createRedisSessions } from './redis/sessions.js';
import { connectRedis, type RedisConnection } from './redis/connection.js';
import { type Schema } from './tables/schema.js';
import { createSqlAccounts } from './tables/sql-accounts.js';
import { createSqlApiClients } from './tables/sql-api-clients.js';
import { createSqlAudit } from './tables/sql-audit.js';
import { createSqlBinClaims } from './tables/sql-bin-claims.js';
import { createSqlCertificateChecks } from './tables/sql-certificate-checks.js';
import { createSqlJobClaims } from './tables/sql-job-claims.js';
import { createChallengeCount, createSqlChallenges } from './tables/sql-challenges.js';
import { createSqlPasswords } from './tables/sql-passwords.js';
import { createSqlProvisional } from './tables/sql-provisional.js';
import { createSqlSessions } from './tables/sql-sessions.js';
import { createSqlInvitationAttempts } from './tables/sql-invitation-attempts.js';
import { createSqlStepUpSignatures } from './tables/sql-step-up-signatures.js';
import { createSqlTerms } from './tables/sql-terms.js';
import { sweep } from './upkeep/sweep.js';
import { inTransaction } from './engines/transaction.js';

export interface StorageConfig {
  /** `sqlite:PATH` (also `sqlite://PATH`) or `postgres://…` (see `parsePostgresUrl`). */
  readonly databaseUrl: string;
  /** Only PostgreSQL has use for it. */
  readonly postgres?: PostgresOptions;
  /** What the database is opened for; absent: for whatever it is, as commands do that work beside a gateway. */
  readonly purpose?: Purpose;
  /** When given, challenges and sessions live in Redis. */
  readonly redisUrl: string | null;
  /** 32 bytes; see `loadOrCreateMasterKey`. */
  readonly masterKey: Uint8Array;
  readonly challengeBounds?: ChallengeBounds;
  /** How long records of the log are kept; for ever unless said otherwise. */
  readonly auditRetentionMs?: number | null;
  readonly sessionLimits?: SessionLimits;
  readonly passwordCost?: PasswordCost;
  /** Consecutive wrong passwords that close the password path; five unless said otherwise. */
  readonly passwordMaxFailures?: number;
  readonly passwordRules?: PasswordRules;
  /** How long a password lets in that an operator set; 72 hours unless said otherwise. */
  readonly passwordTemporaryMs?: number;
  /** Passwords that are refused because they were stolen elsewhere; none unless said otherwise. Closed with the storage. */
  readonly breached?: (BreachedPasswords & { close(): Promise<void> }) | null;
  /** What is asked of people who sign in through this storage; nothing unless said otherwise. */
  readonly terms?: TermsPolicy;
}

/** What a unit of work may touch. */
interface Stores {
  readonly challenges: ChallengeStore;
  readonly sessions: Sessions;
  readonly accounts: AccountDirectory;
  readonly passwords: Passwords;
  readonly provisional: ProvisionalAccesses;
  readonly terms: TermsLedger;
  readonly stepUpSignatures: StepUpSignatures;
  readonly invitationAttempts: InvitationAttempts;
  readonly audit: AuditLog;
  readonly binClaims: BinClaims;
  readonly apiClients: ApiClients;
  readonly certificateChecks: CertificateChecks;
}

export interface Storage extends Stores {
  /**
   * Runs `work` as one unit: everything it writes through the stores it is given is kept together or not at all, in one disk
   * sync. Other writers wait meanwhile, so nothing slow belongs inside (no hashing of passwords, no network of one's own). Only
   * the given stores may be used inside; those of the storage itself throw there, because they would wait for this very unit.
   *
   * Sessions in Redis take part as far as two stores can: a session is there before the rest is kept, and is ended again when
   * the rest cannot be; one that was given another token gets the one before back. What was ended stays ended. Nobody holds a new
   * token until `atomically` has returned.
   */
  atomically<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
  /** Resolves when every store answers. @throws StorageError `STORAGE_UNAVAILABLE` */
  ping(): Promise<void>;
  /**
   * Whether each store can be read and written; `redis` is null where there is none, `disk` where the database is elsewhere. A write
   * counts for a second. Never rejects.
   */
  health(): Promise<{
    readonly database: boolean;
    readonly redis: boolean | null;
    readonly disk: DiskSpace | null;
  }>;
  /**
   * Deletes what is of no use any more: old challenges, ended sessions, attempts on unknown numbers; and what of the log is older
   * than it is kept, a few blocks at a time.
   *
   * @param ending when it is aborted no further slice is begun
   */
  purge(now: Date, ending?: AbortSignal): Promise<void>;
  /** Which instance does what is done once in the cluster. */
  readonly jobClaims: JobClaims;
  /** How the hashing of passwords stands. */
  hashing(): HashingStatus;
  close(): Promise<void>;
}

/**
 * Opens the store, migrates it when it is older than this program, and proves that the master key is the one it was made with.
 *
 * @throws StorageError `STORAGE_URL_INVALID`, `STORAGE_UNAVAILABLE`, `STORAGE_CORRUPT`, `STORAGE_SCHEMA_NEWER`,
 *   `STORAGE_PURPOSE`, `MASTER_KEY_MALFORMED`, `MASTER_KEY_WRONG`, `MASTER_KEY_ROTATING`
 */
export async function openStorage(config: StorageConfig): Promise<Storage> {
  const cipher = createFieldCipher(config.masterKey);
  // Opens nothing before the first password.
  const hashing = createPasswordThreads();
  const hasher = await createPasswordHasher(config.passwordCost ?? DEFAULT_PASSWORD_COST, hashing);
  const limits = config.sessionLimits ?? DEFAULT_SESSION_LIMITS;
  const address = parseDatabaseUrl(config.databaseUrl);
  const database = await openDatabase(address, config.postgres ?? DEFAULT_POSTGRES_OPTIONS);
  try {
    await proveMasterKey(database, cipher);
    if (config.purpose !== undefined) await claimFor(config.purpose, database, new Date());
    const redis = config.redisUrl === null ? null : await connectRedis(config.redisUrl);
    const maxFailures = config.passwordMaxFailures ?? PASSWORD_MAX_FAILURES;
    const rules = config.passwordRules ?? DEFAULT_PASSWORD_RULES;
    const terms = config.terms ?? null;
    const folder = address.engine === 'sqlite' ? dirname(address.path) : null;
    const connections = { database, engine: address.engine, folder, redis };
    const bounds = config.challengeBounds ?? DEFAULT_CHALLENGE_BOUNDS;
    const kept = { bounds, auditRetentionMs: config.auditRetentionMs ?? null };
    const passwords = {
      hashing,
      hasher,
      rules,
      maxFailures,
      breached: config.breached ?? null,
      temporaryMs: config.passwordTemporaryMs ?? PASSWORD_TEMPORARY_MS,
    };
    return compose(connections, { ...kept, ...passwords, cipher, limits, terms });
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

interface Workings {
  readonly cipher: FieldCipher;
  readonly hashing: PasswordThreads;
  readonly hasher: PasswordHasher;
  readonly rules: PasswordRules;
  readonly breached: (BreachedPasswords & { close(): Promise<void> }) | null;
  readonly limits: SessionLimits;
  readonly bounds: ChallengeBounds;
  readonly auditRetentionMs: number | null;
  readonly maxFailures: number;
  readonly temporaryMs: number;
  readonly terms: TermsPolicy | null;
}

interface Connections {
  readonly database: Kysely<Schema>;
  readonly engine: DatabaseAddress['engine'];
  /** Where the embedded database lies. */
  readonly folder: string | null;
  readonly redis: RedisConnection | null;
}

function compose({ database, engine, folder, redis }: Connections, workings: Workings): Storage {
  const { cipher, hashing, limits, bounds, auditRetentionMs, terms } = workings;
  const probe = createDatabaseProbe(database, engine, cipher.masterKeyId);
  const challenges = redis === null ? null : createRedisChallenges(redis, { cipher, bounds });
  const count = createChallengeCount();
  const redisSessions = redis === null ? null : createRedisSessions(redis);
  const stores = (executor: Kysely<Schema>, sessions: SessionStore): Stores => {
    const accounts = createSqlAccounts(executor, cipher);
    return {
      challenges: challenges ?? createSqlChallenges(executor, { cipher, bounds, count }),
      sessions: createSessions(sessions, limits),
      accounts,
      passwords: inPlaces(
        createPasswords(createSqlPasswords(executor, cipher), { ...workings, accounts }),
        hashing,
      ),
      provisional: createSqlProvisional(executor, cipher),
      invitationAttempts: createSqlInvitationAttempts(executor),
      terms: createTermsLedger(createSqlTerms(executor, cipher), terms),
      stepUpSignatures: createSqlStepUpSignatures(executor, cipher),
      audit: createSqlAudit(executor),
      binClaims: createSqlBinClaims(executor),
      apiClients: createApiClients(createSqlApiClients(executor)),
      certificateChecks: createSqlCertificateChecks(executor),
    };
  };
  return {
    ...stores(database, redisSessions ?? createSqlSessions(database)),
    jobClaims: createSqlJobClaims(database),
    async atomically(work) {
      if (redisSessions === null) {
        return inTransaction(database, (unit) => work(stores(unit, createSqlSessions(unit))));
      }
      const undo: (() => Promise<unknown>)[] = [];
      const remembering: SessionStore = {
        ...redisSessions,
        async insert(tokenHash, session) {
          undo.unshift(() => redisSessions.remove(tokenHash));
          await redisSessions.insert(tokenHash, session);
        },
        async move(oldTokenHash, newTokenHash, change) {
          const before = await redisSessions.get(oldTokenHash);
          if (before === null) return false;
          undo.unshift(() => redisSessions.move(newTokenHash, oldTokenHash, before));
          return redisSessions.move(oldTokenHash, newTokenHash, change);
        },
      };
      try {
        return await inTransaction(database, (unit) => work(stores(unit, remembering)));
      } catch (error) {
        // A new token was never handed out. What cannot be taken back now ends by itself: the first error is the one to report.
        for (const step of undo) await step().catch(() => undefined);
        throw error;
      }
    },
    async ping() {
      await pingDatabase(database, engine);
      await redis?.ping();
    },
    async health() {
      const [first, second, disk] = await Promise.allSettled([
        probe(),
        redis?.proveWriting(),
        folder === null ? null : diskSpaceOf(folder),
      ]);
      return {
        database: first.status === 'fulfilled',
        redis: redis === null ? null : second.status === 'fulfilled',
        disk: disk.status === 'fulfilled' ? disk.value : null,
      };
    },
    async purge(now, ending) {
      await sweep(database, now, ending);
      if (auditRetentionMs !== null) await deleteOldRecords(database, auditRetentionMs, now, ending);
    },
    hashing: () => hashing.status(),
    async close() {
      await hashing.close();
      await workings.breached?.close();
      await redis?.close();
      await database.destroy();
    },
  };
}
