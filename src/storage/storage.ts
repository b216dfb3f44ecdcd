import { dirname } from 'node:path';
import { type Kysely } from 'kysely';
import { type BinClaimStore } from '../accounts/bin-claim.js';
import { type InvitationAttempts } from '../accounts/invitation-attempts.js';
import { type ProvisionalAccesses } from '../accounts/provisional.js';
import { type AccountStore } from '../accounts/store.js';
import { type AuditLog } from '../audit/log.js';
import { type ChallengeBounds, DEFAULT_CHALLENGE_BOUNDS } from '../challenge/room.js';
import { type ChallengeStore } from '../challenge/store.js';
import { type ApiClientStore } from '../clients/api-client.js';
import { type JobClaims } from '../jobs/claim.js';
import { type PasswordStore } from '../passwords/store.js';
import { type AcceptanceStore } from '../personal-data/terms-ledger.js';
import { type CertificateChecks } from '../sessions/certificate-checks.js';
import { type StepUpSignatures } from '../sessions/step-up-evidence.js';
import { type SessionStore } from '../sessions/store.js';
import { type DatabaseAddress, parseDatabaseUrl } from './engines/database-url.js';
import { openDatabase, pingDatabase } from './engines/engine.js';
import { DEFAULT_POSTGRES_OPTIONS, type PostgresOptions } from './engines/postgres.js';
import { type Contention, contentionOf, inTransaction } from './engines/transaction.js';
import { takeTurn } from './engines/turns.js';
import { createFieldCipher, type FieldCipher } from './keys/field-cipher.js';
import { installationCipher } from './keys/installation-key.js';
import { proveMasterKey } from './keys/master-key-proof.js';
import { onDemand } from './on-demand.js';
import { createRedisChallenges } from './redis/challenges.js';
import { connectRedis, type RedisConnection } from './redis/connection.js';
import { createRedisSessions } from './redis/sessions.js';
import { createUnitSessions, type UnitSessions } from './redis/unit-sessions.js';
import { claimFor, type Purpose } from './tables/purpose.js';
import { type Schema } from './tables/schema.js';
import { createSqlAccounts } from './tables/sql-accounts.js';
import { createSqlApiClients } from './tables/sql-api-clients.js';
import { createSqlAudit } from './tables/sql-audit.js';
import { createSqlBinClaims } from './tables/sql-bin-claims.js';
import { createSqlCertificateChecks } from './tables/sql-certificate-checks.js';
import { createChallengeCount, createSqlChallenges } from './tables/sql-challenges.js';
import { createSqlInvitationAttempts } from './tables/sql-invitation-attempts.js';
import { createSqlJobClaims } from './tables/sql-job-claims.js';
import { createSqlPasswords } from './tables/sql-passwords.js';
import { createSqlProvisional } from './tables/sql-provisional.js';
import { createSqlSessions } from './tables/sql-sessions.js';
import { createSqlStepUpSignatures } from './tables/sql-step-up-signatures.js';
import { createSqlTerms } from './tables/sql-terms.js';
import { deleteOldRecords } from './upkeep/audit-retention.js';
import { type DiskSpace, diskSpaceOf } from './upkeep/disk-space.js';
import { createDatabaseProbe } from './upkeep/health.js';
import { createSealing, type LogSealing } from './upkeep/sealing.js';
import { sweep } from './upkeep/sweep.js';

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
}

/** Where everything is kept. Nothing here decides anything: services over these stores do (`src/services.ts`). */
export interface Stores {
  readonly challenges: ChallengeStore;
  readonly sessions: SessionStore;
  readonly accounts: AccountStore;
  readonly passwords: PasswordStore;
  readonly provisional: ProvisionalAccesses;
  readonly terms: AcceptanceStore;
  readonly stepUpSignatures: StepUpSignatures;
  readonly invitationAttempts: InvitationAttempts;
  readonly audit: AuditLog;
  readonly binClaims: BinClaimStore;
  readonly apiClients: ApiClientStore;
  readonly certificateChecks: CertificateChecks;
}

export interface Storage {
  /** The stores outside of any unit of work. */
  readonly stores: Stores;
  /**
   * Runs `work` as one unit: everything it writes through the stores it is given is kept together or not at all, in one disk
   * sync. Other writers wait meanwhile (on PostgreSQL those who decide about the same organisation or person), so nothing slow belongs
   * inside (no hashing of passwords, no network of one's own). Only the given stores may be used inside; those of the storage itself
   * throw there, because they would wait for this very unit.
   *
   * Where the unit collides with another it is run again, so `work` does nothing that counts but through the given stores.
   *
   * Sessions in Redis take part as far as two stores can: what is done to them is done when `work` has ended, before the rest is kept.
   * Where the rest cannot be kept, an opened session is ended again and one that was given another token gets the one before back; what was
   * ended stays ended. Nobody holds a new token until `atomically` has returned.
   *
   * @throws StorageError `STORAGE_CONTENDED` when it goes on colliding, `STORAGE_UNAVAILABLE`
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
  /** What gives the records of the log their place in its tree. */
  readonly sealing: LogSealing;
  /** How often units of work collided with others. */
  contention(): Contention;
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
  const address = parseDatabaseUrl(config.databaseUrl);
  const database = await openDatabase(address, config.postgres ?? DEFAULT_POSTGRES_OPTIONS);
  try {
    await proveMasterKey(database, cipher);
    await installationCipher(database, cipher);
    if (config.purpose !== undefined) await claimFor(config.purpose, database, new Date());
    const redis = config.redisUrl === null ? null : await connectRedis(config.redisUrl);
    return storageOn(
      { database, address, redis, cipher },
      {
        bounds: config.challengeBounds ?? DEFAULT_CHALLENGE_BOUNDS,
        auditRetentionMs: config.auditRetentionMs ?? null,
      },
    );
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

interface Connections {
  readonly database: Kysely<Schema>;
  readonly address: DatabaseAddress;
  readonly redis: RedisConnection | null;
  readonly cipher: FieldCipher;
}

interface Bounds {
  readonly bounds: ChallengeBounds;
  readonly auditRetentionMs: number | null;
}

function storageOn(connections: Connections, { bounds, auditRetentionMs }: Bounds): Storage {
  const { database, address, redis } = connections;
  const storesOn = storesOver(connections, bounds);
  const redisSessions = redis === null ? null : createRedisSessions(redis);
  return {
    stores: storesOn({ executor: database, sessions: redisSessions ?? createSqlSessions(database) }),
    jobClaims: createSqlJobClaims(database),
    async atomically(work) {
      if (redisSessions === null) {
        return inTransaction(database, (executor) =>
          work(storesOn({ executor, sessions: createSqlSessions(executor) })),
        );
      }
      let last: UnitSessions | null = null;
      try {
        return await inTransaction(database, async (executor) => {
          // Of a run that collided with another unit: it was not kept.
          await last?.undo();
          last = createUnitSessions(redisSessions, (subject) => takeTurn(executor, subject));
          const result = await work(storesOn({ executor, sessions: last }));
          await last.apply();
          return result;
        });
      } catch (error) {
        await (last as UnitSessions | null)?.undo();
        throw error;
      }
    },
    async ping() {
      await pingDatabase(database, address.engine);
      await redis?.ping();
    },
    health: healthOf(connections),
    async purge(now, ending) {
      await sweep(database, now, ending);
      if (auditRetentionMs !== null)
        await deleteOldRecords(database, connections.cipher, { retentionMs: auditRetentionMs, now }, ending);
    },
    sealing: createSealing(database, connections.cipher),
    contention: () => contentionOf(database),
    async close() {
      await redis?.close();
      await database.destroy();
    },
  };
}

/** Where the stores of a unit, or those outside of any, write. */
interface Place {
  readonly executor: Kysely<Schema>;
  readonly sessions: SessionStore;
}

function storesOver({ redis, cipher }: Connections, bounds: ChallengeBounds): (place: Place) => Stores {
  const challenges = redis === null ? null : createRedisChallenges(redis, { cipher, bounds });
  const count = createChallengeCount();
  return onDemand<Place, Stores>({
    challenges: ({ executor }) => challenges ?? createSqlChallenges(executor, { cipher, bounds, count }),
    sessions: ({ sessions }) => sessions,
    accounts: ({ executor }) => createSqlAccounts(executor, cipher),
    passwords: ({ executor }) => createSqlPasswords(executor, cipher),
    provisional: ({ executor }) => createSqlProvisional(executor, cipher),
    invitationAttempts: ({ executor }) => createSqlInvitationAttempts(executor),
    terms: ({ executor }) => createSqlTerms(executor, cipher),
    stepUpSignatures: ({ executor }) => createSqlStepUpSignatures(executor, cipher),
    audit: ({ executor }) => createSqlAudit(executor, cipher),
    binClaims: ({ executor }) => createSqlBinClaims(executor),
    apiClients: ({ executor }) => createSqlApiClients(executor),
    certificateChecks: ({ executor }) => createSqlCertificateChecks(executor),
  });
}

function healthOf({ database, address, redis, cipher }: Connections): Storage['health'] {
  const probe = createDatabaseProbe(database, address.engine, cipher.masterKeyId);
  const folder = address.engine === 'sqlite' ? dirname(address.path) : null;
  return async () => {
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
  };
}
