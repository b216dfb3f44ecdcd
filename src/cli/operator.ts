/** The operator at the shell, as the log names them, and what they read there. */
import { type Act, operatorAct } from '../audit/act.js';
import { type AuditFacts } from '../audit/event.js';
import { type AuditLog } from '../audit/log.js';
import { record, type SubjectOf } from '../audit/recorder.js';
import { type CommandIo } from './command.js';

/** What is done from here now: by the user of the operating system; behind `sudo` by the one who called it. */
export function operatorsAct({ env, now }: Pick<CommandIo, 'env' | 'now'>): Act {
  return operatorAct(env['SUDO_USER'] ?? env['USER'] ?? null, now());
}

/** Of whom a command is about to tell. */
export interface OperatorRead {
  readonly subject?: SubjectOf<'records.read'>;
  readonly organisationId?: string;
  readonly details?: AuditFacts;
}

/**
 * Writes down that a command tells of others, before it does, as HTTP does for `privilegedRead`.
 *
 * @param command without its options, such as `account member list`
 * @throws StorageError
 */
export function recordOperatorRead(
  audit: Pick<AuditLog, 'append'>,
  act: Act,
  command: string,
  { subject, organisationId, details = {} }: OperatorRead = {},
): Promise<void> {
  const facts = { operation: command, ...details };
  return record(audit, act, 'records.read', {
    subject: subject ?? null,
    organisationId: organisationId ?? null,
    details: facts,
  });
}
