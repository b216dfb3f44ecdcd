import { Redis } from 'ioredis';
import { StorageError } from '../error.js';

/** A dead Redis must be an error at once: a person is waiting, and a login that hangs is worse than one that fails. */
const TIMEOUT_MS = 2_000;
/** Written again and again, and only to see that writing works. */
const HEALTH_KEY = 'qaqpa:health';

/** One key space in one slot (the braces are Redis Cluster's hash tag): scripts touch several keys at once. */
export const REDIS_PREFIX = '{qaqpa}:';

export interface RedisCondition {
  readonly version: string;
  /** A replica only reads. */
  readonly role: string;
  /** Whether it throws out what is not over yet when its memory is full: people would be signed out. */
  readonly evicts: boolean;
}

/** A Redis connection that knows two things: run a script as one step, and say whether it is there and how it is. */
export interface RedisConnection {
  /**
   * Runs a Lua script atomically.
   *
   * @throws StorageError `STORAGE_UNAVAILABLE`; what is wrong with the script itself as it is
   */
  run(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  ping(): Promise<void>;
  /** @throws StorageError `STORAGE_UNAVAILABLE` also where Redis answers and keeps nothing: it is full, its disk is, or it only reads */
  proveWriting(): Promise<void>;
  /**
   * What the server says of itself.
   *
   * @throws StorageError `STORAGE_UNAVAILABLE`
   */
  condition(): Promise<RedisCondition>;
  close(): Promise<void>;
}

/**
 * A client that repairs its connection by itself after an outage and never says a command twice: during one, commands fail at once.
 * A server that says nothing for as long as a command may take is left, or a host that vanished would be waited for by TCP.
 *
 * @param url `redis://…`, `rediss://…`, or `unix:PATH`
 * @param timeoutMs how long a command may take
 */
export function createRedisClient(url: string, timeoutMs: number): Redis {
  return new Redis(url.replace(/^unix:(\/\/)?/, ''), {
    lazyConnect: true,
    enableOfflineQueue: false,
    // Sent again, a command that had been carried out would find its own traces: a challenge "used", a session "ended before".
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: TIMEOUT_MS,
    // Waited for also where the other side has gone long ago: a command that found no Redis would not end before.
    disconnectTimeout: 250,
    commandTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 2_000),
  });
}

/**
 * Connects to Redis. The connection repairs itself after an outage; commands during one fail at once.
 *
 * @param url `redis://…`, `rediss://…`, or `unix:PATH`
 * @throws StorageError `STORAGE_UNAVAILABLE`
 */
export async function connectRedis(url: string): Promise<RedisConnection> {
  const redis = createRedisClient(url, TIMEOUT_MS);
  // Every command reports its own failure; without a listener a lost connection would end the process.
  let reason: unknown;
  redis.on('error', (error) => {
    reason = error;
  });
  const names = new Map<string, string>();
  try {
    await redis.connect();
  } catch (cause) {
    redis.disconnect();
    // The failure to connect says only that it is closed; why was told to the listener.
    throw unavailable(reason ?? cause);
  }
  return {
    async run(script, keys, args) {
      let name = names.get(script);
      if (name === undefined) {
        name = `qaqpa${names.size}`;
        names.set(script, name);
        redis.defineCommand(name, { lua: script });
      }
      const command = (redis as unknown as Readonly<Record<string, ScriptCommand>>)[name];
      if (command === undefined) throw new Error('unreachable: the script was defined above');
      try {
        return await command.call(redis, keys.length, ...keys, ...args);
      } catch (cause) {
        throw isOurMistake(cause) ? cause : unavailable(cause);
      }
    },
    async ping() {
      try {
        await redis.ping();
      } catch (cause) {
        throw unavailable(cause);
      }
    },
    async proveWriting() {
      try {
        await redis.set(HEALTH_KEY, '1', 'EX', 60);
      } catch (cause) {
        throw unavailable(cause);
      }
    },
    async condition() {
      try {
        return readCondition(await redis.info());
      } catch (cause) {
        throw unavailable(cause);
      }
    },
    async close() {
      try {
        await redis.quit();
      } catch {
        // Already gone: there is nothing left to say goodbye to.
        redis.disconnect();
      }
    },
  };
}

/** A script that does not run or does not fit what it finds. What it is told of the state of the server is quoted by older ones. */
function isOurMistake(cause: unknown): boolean {
  const { message } = (cause ?? {}) as { readonly message?: unknown };
  if (typeof message !== 'string' || /\b(?:OOM|READONLY|MISCONF|NOREPLICAS|LOADING|BUSY)\b/.test(message))
    return false;
  return /^WRONGTYPE |^ERR .*(?:user_script|(?:compiling|running) script)/.test(message);
}

type ScriptCommand = (keyCount: number, ...rest: readonly (string | number)[]) => Promise<unknown>;

function readCondition(info: string): RedisCondition {
  const fields = new Map(
    info.split(/\r?\n/).map((line): [string, string] => {
      const [name = '', ...value] = line.split(':');
      return [name, value.join(':')];
    }),
  );
  const policy = fields.get('maxmemory_policy') ?? 'noeviction';
  return {
    version: fields.get('redis_version') ?? '',
    role: fields.get('role') ?? '',
    evicts: (fields.get('maxmemory') ?? '0') !== '0' && policy !== 'noeviction',
  };
}

/** Redis begins its errors with a word in capitals; the system gives its failures a code. Neither holds a value of ours. */
function unavailable(cause: unknown): StorageError {
  const { code, message } = (cause ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const word = typeof message === 'string' ? /^[A-Z]{4,}\b/.exec(message)?.[0] : undefined;
  const reason = typeof code === 'string' ? code : word;
  const told = reason === undefined ? '' : ` (${reason})`;
  return new StorageError('STORAGE_UNAVAILABLE', `Redis cannot be used now${told}`, { cause });
}
