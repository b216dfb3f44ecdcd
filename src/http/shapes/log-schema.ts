/** The audit log as it is asked for and told. */
import { z } from 'zod';
import { AUDIT_EVENT_TYPES } from '../../audit/event.js';
import { type AuditQuery } from '../../audit/log.js';
import { type AuditRecord } from '../../audit/record.js';
import { timesOf } from '../../audit/refusal-summaries.js';
import { pageOf, paging, party } from './organisation-schema.js';
import { identifier, time } from './wire-value.js';
import { Problem } from '../kernel/problem.js';

const logRecord = z
  .object({
    sequence: z.int().meta({
      description:
        'Names it in the log of the whole installation: later records have larger numbers, with gaps',
    }),
    at: time,
    type: z.enum(AUDIT_EVENT_TYPES),
    actor: party,
    subject: party.nullable(),
    times: z.int().min(1).meta({
      description:
        'How many events the record tells of: refusals of unknown people are counted for a minute, all others are one each',
    }),
    reason: z.string().nullable().meta({ description: 'A code, mostly of docs/errors.md' }),
    requestId: z.string().nullable(),
    address: z.string().nullable(),
    device: z.string().nullable(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: 'LogRecord' });

export const logPage = pageOf('LogPage', logRecord);

/** With `after` the list goes forwards from there, for whoever collects; without, backwards from the newest, for whoever looks. */
export const logPaging = {
  ...paging,
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().meta({
    description: 'Records after this sequence number, oldest first; without it the newest come first',
  }),
} as const;
export const logQuery = z.strictObject(logPaging);
export const organisationLogQuery = z.strictObject({
  ...logPaging,
  member: identifier.optional().meta({
    description: 'What this member did and what was done to them, and when their password was blocked',
  }),
});

export interface LogRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly after?: number | undefined;
}

/**
 * Where a page of the log begins.
 *
 * @throws Problem `REQUEST_INVALID` for a cursor that is none of ours
 */
export function logPosition({ cursor, after }: LogRequest): Pick<AuditQuery, 'after' | 'before'> {
  if (cursor === undefined) return after === undefined ? { before: Infinity } : { after };
  const [, way, place] = /^([ab])(\d{1,15})$/.exec(cursor) ?? [];
  if (way === undefined) {
    throw new Problem('REQUEST_INVALID', {
      extensions: { errors: [{ path: 'cursor', problem: 'is no cursor of this list' }] },
    });
  }
  return way === 'a' ? { after: Number(place) } : { before: Number(place) };
}

/**
 * @param records what was found at `logPosition`, one more than `limit` where there is more
 * @param tell what the reader may see of a record; `null`: nothing, and the part is shorter for it
 */
export function logBody(
  records: readonly AuditRecord[],
  request: LogRequest,
  tell: (record: AuditRecord) => AuditRecord | null,
): object {
  const shown = records.slice(0, request.limit);
  const last = shown.at(-1);
  const way = logPosition(request).after === undefined ? 'b' : 'a';
  const told = shown.map(tell).filter((record) => record !== null);
  return {
    items: told.map((record) => {
      const { at, sequence, type, actor, subject, reason, requestId, address, device, details } = record;
      const times = timesOf(record);
      const what = { type, actor, subject, times, reason, requestId, address, device, details };
      return { sequence, at: at.toISOString(), ...what };
    }),
    nextCursor: last === undefined || records.length <= request.limit ? null : `${way}${last.sequence}`,
  };
}
