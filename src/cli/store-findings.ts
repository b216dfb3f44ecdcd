import { placeOf } from '../audit/verify.js';
import { type Config } from '../config.js';
import { masterKeyFile } from '../gateway.js';
import { describeEnding } from '../clients/client-secret.js';
import {
  conditionOf,
  type DatabaseCondition,
  type DatabaseServer,
  NEWEST_SCHEMA,
} from '../storage/upkeep/condition.js';
import { parseDatabaseUrl } from '../storage/engines/database-url.js';
import { StorageError } from '../storage/error.js';
import { loadMasterKey } from '../storage/keys/master-key.js';
import { connectRedis } from '../storage/redis/connection.js';
import { failed, type Finding, ok, warning } from './finding.js';

/** What `doctor` says of the database and of Redis. Looks only; no address, user or password is in it. */
export async function storeFindings(config: Config, now: Date): Promise<readonly Finding[]> {
  const [database, redis] = await Promise.all([
    orFailed('database', () => databaseFindings(config, now)),
    config.redisUrl === null ? [] : orFailed('redis', () => redisFindings(config.redisUrl ?? '')),
  ]);
  return [...database, ...redis];
}

async function databaseFindings(config: Config, now: Date): Promise<readonly Finding[]> {
  const address = parseDatabaseUrl(config.databaseUrl);
  const masterKey =
    config.masterKey === null
      ? await loadMasterKey(masterKeyFile(config.dataDir))
      : new Uint8Array(config.masterKey.export());
  const condition = await conditionOf(address, config.database, masterKey, now);
  if (condition === null)
    return [warning('database', 'there is none yet; the gateway makes it when it starts')];
  return [
    serverFinding(condition.server, config.database.connections),
    schemaFinding(condition.schemaVersion),
    keyFinding(condition.masterKey, masterKey !== null),
    ...rotationFindings(condition),
    ...auditFindings(condition),
    ...secretFindings(condition, now),
  ];
}

function serverFinding(server: DatabaseServer, pool: number): Finding {
  const name = `${server.name} ${server.version}`;
  if (server.readOnly) return failed('database', `${name} answers but only reads (a standby?)`);
  if (server.encoding !== 'UTF8') {
    return failed('database', `${name} keeps texts as ${server.encoding}; make the database with UTF8`);
  }
  if (server.connections !== null && pool > server.connections / 2) {
    return warning(
      'database',
      `${name} answers; it gives ${server.connections} connections to everybody, and this gateway alone may take ${pool} (QAQPA_DATABASE_POOL)`,
    );
  }
  return ok('database', `${name} answers`);
}

function schemaFinding(version: number | null): Finding {
  if (version === null)
    return warning('schema', 'there are no tables yet; the gateway makes them when it starts');
  if (version > NEWEST_SCHEMA) {
    return failed('schema', `version ${version} is of a newer program; this one knows ${NEWEST_SCHEMA}`);
  }
  return version === NEWEST_SCHEMA
    ? ok('schema', `version ${version}, the newest`)
    : warning('schema', `version ${version}; the gateway brings it to ${NEWEST_SCHEMA} when it starts`);
}

function keyFinding(state: DatabaseCondition['masterKey'], present: boolean): Finding {
  if (state === 'right') return ok('master key', 'the one the database was made with');
  if (state === 'unmade') {
    return present
      ? ok('master key', 'there is one; the database will be made with it')
      : warning('master key', 'there is none yet; the gateway makes one when it starts');
  }
  return failed(
    'master key',
    present
      ? 'not the one the database was made with: nobody could be found with it'
      : 'there is none, and the database was made with one: bring that back',
  );
}

const UNFINISHED = {
  preparing: 'a rotation has not come to its end; the key of before counts',
  replacing: 'a rotation was interrupted or is under way, and no gateway can start before its end',
  proving: 'a rotation has not come to its end; the new key counts',
} as const;

function rotationFindings({ rotating }: DatabaseCondition): Finding[] {
  if (rotating === null) return [];
  const find = rotating === 'replacing' ? failed : warning;
  return [find('master key', `${UNFINISHED[rotating]}: npx qaqpa storage rotate-key goes on`)];
}

function auditFindings({ audit, schemaVersion }: DatabaseCondition): Finding[] {
  if (audit === null) {
    return schemaVersion === null
      ? []
      : [warning('audit', 'not looked at: the tables are of another version')];
  }
  return [
    audit.intact
      ? ok('audit', `the log is whole, ${audit.records} records`)
      : failed('audit', `the log is broken${placeOf(audit)} (${audit.fault})`),
  ];
}

function secretFindings({ endingSecrets }: DatabaseCondition, now: Date): Finding[] {
  return (endingSecrets ?? []).map((secret) => warning('API client', describeEnding(secret, now)));
}

async function redisFindings(url: string): Promise<readonly Finding[]> {
  const redis = await connectRedis(url);
  try {
    const { version, role, evicts } = await redis.condition();
    if (role !== 'master')
      return [failed('redis', `Redis ${version} answers but is a ${role}, which only reads`)];
    return [
      evicts
        ? warning(
            'redis',
            `Redis ${version} answers; its maxmemory-policy ends sessions early: set noeviction`,
          )
        : ok('redis', `Redis ${version} answers`),
    ];
  } finally {
    await redis.close();
  }
}

async function orFailed(what: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof StorageError) return [failed(what, `${error.message}${meaningOf(error.cause)}`)];
    throw error;
  }
}

const UNTRUSTED = 'its certificate is of no authority this process trusts';
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  ENOENT: 'there is no such socket',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  '28P01': 'the password is refused',
  '28000': 'the user may not connect',
  '3D000': 'there is no such database',
  '53300': 'it has no connection left',
};

function meaningOf(cause: unknown): string {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  const meaning = typeof code === 'string' ? MEANINGS[code] : undefined;
  return meaning === undefined ? '' : `: ${meaning}`;
}
