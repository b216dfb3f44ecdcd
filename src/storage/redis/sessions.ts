import { z } from 'zod';
import { OPERATION_NAMES } from '../../sessions/operation-name.js';
import { isLive, OBLIGATIONS, type Session, type SessionOwner } from '../../sessions/session.js';
import { type SessionChange, type SessionStore } from '../../sessions/store.js';
import { REDIS_PREFIX, type RedisConnection } from './connection.js';
import {
  CERTIFICATES,
  GET,
  INSERT,
  LIST,
  MOVE,
  REMOVE,
  REMOVE_OF_OWNER,
  SLACK_MS,
  USE,
} from './session-scripts.js';

const RECORD = z.object({
  id: z.string(),
  personId: z.string(),
  organisationId: z.string(),
  membershipId: z.string(),
  method: z.enum(['eds', 'password']),
  acr: z.string(),
  certificateSha256: z.string().nullable(),
  createdAt: z.number(),
  authenticatedAt: z.number(),
  idleMs: z.number(),
  expiresAt: z.number(),
  // Absent in what an earlier version wrote, where nothing tells what the password was worth: taken for the narrower.
  provisional: z.boolean().optional(),
  device: z.string().nullable(),
  address: z.string().nullable(),
});
const FOUND = z.tuple([z.string(), z.coerce.number(), z.coerce.number(), z.string(), z.string()]);
const FOUND_OR_NOT = z.union([FOUND, z.tuple([z.null(), z.null(), z.null(), z.null(), z.null()])]);
const CHANGEABLE = z.object({
  obligations: z.array(z.enum(OBLIGATIONS)),
  // An operation another version of the program knows is none of ours: it allows nothing here.
  stepUp: z
    .object({
      operation: z.enum(OPERATION_NAMES),
      digest: z.string(),
      evidence: z.string(),
      until: z.number(),
    })
    .nullable()
    .catch(null),
});

const SESSION_PREFIX = `${REDIS_PREFIX}session:`;
const CERTIFICATE_PREFIX = `${REDIS_PREFIX}sessions-of-certificate:`;
const CERTIFICATES_KEY = `${REDIS_PREFIX}certificates-of-sessions`;

/** Sessions in Redis; it forgets them by itself. */
export function createRedisSessions(redis: RedisConnection): SessionStore {
  const listOf = async (owner: SessionOwner): Promise<readonly Session[]> => {
    const found = z.array(FOUND).parse(await redis.run(LIST, [ownerKey(owner)], [SESSION_PREFIX]));
    const only = onlyMembership(owner);
    return found
      .map(toSession)
      .filter(({ membershipId }) => only === '' || membershipId === only)
      .sort(newestFirst);
  };

  return {
    async insert(tokenHash, session) {
      const [seen, idle, until] = [
        session.lastSeenAt.getTime(),
        session.idleExpiresAt.getTime(),
        session.expiresAt.getTime(),
      ];
      const { personId, membershipId, organisationId, certificateSha256 } = session;
      await redis.run(
        INSERT,
        [
          SESSION_PREFIX + tokenHash,
          CERTIFICATES_KEY,
          ownerKey({ personId }),
          ownerKey({ membershipId }),
          ownerKey({ organisationId }),
          ...(certificateSha256 === null ? [] : [ownerKey({ certificateSha256 })]),
        ],
        [
          tokenHash,
          certificateSha256 ?? '',
          toRecord(session),
          seen,
          idle,
          until,
          idle - seen + SLACK_MS,
          until - seen + SLACK_MS,
          ...toChangeable(session),
        ],
      );
    },
    async get(tokenHash) {
      const found = FOUND_OR_NOT.parse(await redis.run(GET, [SESSION_PREFIX + tokenHash], []));
      return found[0] === null ? null : toSession(found);
    },
    async use(tokenHash, now, markAfterMs) {
      const asked = [now.getTime(), markAfterMs];
      const used = z.array(z.unknown()).parse(await redis.run(USE, [SESSION_PREFIX + tokenHash], asked));
      const found = FOUND_OR_NOT.parse(used.slice(0, 5));
      return found[0] === null ? null : toSession(found);
    },
    async move(oldTokenHash, newTokenHash, change) {
      const keys = [SESSION_PREFIX + oldTokenHash, SESSION_PREFIX + newTokenHash];
      return (await redis.run(MOVE, keys, [oldTokenHash, newTokenHash, ...toChangeable(change)])) === 1;
    },
    async remove(tokenHash) {
      return (await redis.run(REMOVE, [SESSION_PREFIX + tokenHash], [tokenHash])) === 1;
    },
    async removeAllOf(owner, exceptSessionId) {
      const args = [SESSION_PREFIX, exceptSessionId ?? '', 'except', onlyMembership(owner)];
      return z.number().parse(await redis.run(REMOVE_OF_OWNER, [ownerKey(owner)], args));
    },
    async removeOne(owner, sessionId) {
      const args = [SESSION_PREFIX, sessionId, 'only', onlyMembership(owner)];
      return (await redis.run(REMOVE_OF_OWNER, [ownerKey(owner)], args)) === 1;
    },
    listOf,
    async crowdOf(membershipId, keep, now) {
      return crowdIn(await listOf({ membershipId }), keep, now);
    },
    async certificates(after, limit) {
      const args = [CERTIFICATE_PREFIX, SESSION_PREFIX, after ?? '', limit];
      return z.array(z.string()).parse(await redis.run(CERTIFICATES, [CERTIFICATES_KEY], args));
    },
  };
}

/** The live ones beyond the newest `keep`, the oldest first, of a membership's sessions in the order of a list. */
export function crowdIn(sessions: readonly Session[], keep: number, now: Date): readonly Session[] {
  return sessions
    .filter((session) => isLive(session, now))
    .slice(keep)
    .reverse();
}

export function belongsTo(session: Session, owner: SessionOwner): boolean {
  if ('certificateSha256' in owner) {
    const { certificateSha256, membershipId = session.membershipId } = owner;
    return session.certificateSha256 === certificateSha256 && session.membershipId === membershipId;
  }
  if ('personId' in owner) return session.personId === owner.personId;
  if ('membershipId' in owner) return session.membershipId === owner.membershipId;
  return session.organisationId === owner.organisationId;
}

export function newestFirst(a: Session, b: Session): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}

/** The membership a certificate's sessions are meant at, '' for all. */
function onlyMembership(owner: SessionOwner): string {
  return 'certificateSha256' in owner ? (owner.membershipId ?? '') : '';
}

function ownerKey(owner: SessionOwner): string {
  if ('certificateSha256' in owner) return CERTIFICATE_PREFIX + owner.certificateSha256;
  if ('personId' in owner) return `${REDIS_PREFIX}sessions-of-person:${owner.personId}`;
  if ('membershipId' in owner) return `${REDIS_PREFIX}sessions-of-membership:${owner.membershipId}`;
  return `${REDIS_PREFIX}sessions-of-organisation:${owner.organisationId}`;
}

function toRecord(session: Session): string {
  const record: z.infer<typeof RECORD> = {
    id: session.id,
    personId: session.personId,
    organisationId: session.organisationId,
    membershipId: session.membershipId,
    method: session.method,
    acr: session.acr,
    certificateSha256: session.certificateSha256,
    createdAt: session.createdAt.getTime(),
    authenticatedAt: session.authenticatedAt.getTime(),
    idleMs: session.idleMs,
    expiresAt: session.expiresAt.getTime(),
    provisional: session.provisional,
    device: session.device,
    address: session.address,
  };
  return JSON.stringify(record);
}

/** Two JSON texts, apart from the record: Lua's JSON would turn an empty list into an empty object. */
function toChangeable({ obligations, stepUp }: SessionChange): [string, string] {
  const noted = stepUp === null ? null : { ...stepUp, until: stepUp.until.getTime() };
  return [JSON.stringify(obligations), JSON.stringify(noted)];
}

function toSession([json, seen, idle, obligations, stepUp]: z.infer<typeof FOUND>): Session {
  const { createdAt, authenticatedAt, expiresAt, ...record } = RECORD.parse(JSON.parse(json));
  const changeable = CHANGEABLE.parse({
    obligations: JSON.parse(obligations) as unknown,
    stepUp: JSON.parse(stepUp) as unknown,
  });
  return {
    ...record,
    provisional: record.provisional ?? record.method === 'password',
    createdAt: new Date(createdAt),
    authenticatedAt: new Date(authenticatedAt),
    lastSeenAt: new Date(seen),
    idleExpiresAt: new Date(idle),
    expiresAt: new Date(expiresAt),
    obligations: changeable.obligations,
    stepUp:
      changeable.stepUp === null ? null : { ...changeable.stepUp, until: new Date(changeable.stepUp.until) },
  };
}
