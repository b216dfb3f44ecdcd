import { type AuditRecord } from '../../audit/record.js';
import { type AuditLog, type AuditQuery } from '../../audit/log.js';
import { type Reply } from '../kernel/operation.js';
import { logBody, logPosition, type LogRequest } from './log-schema.js';

/** @param tell what the reader may see of a record; `null`: nothing */
export async function readLog(
  audit: Pick<AuditLog, 'list'>,
  query: LogRequest,
  filter: Pick<AuditQuery, 'organisationId' | 'alsoOfNone' | 'about'>,
  tell: (record: AuditRecord) => AuditRecord | null = (record) => record,
): Promise<Reply> {
  const records = await audit.list({ ...logPosition(query), ...filter, limit: query.limit + 1 });
  return { status: 200, body: logBody(records, query, tell) };
}
