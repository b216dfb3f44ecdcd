/** The operator at the shell, as the log names them, and what they read there. */
import { type AuditEvent, type AuditParty } from '../audit/event.js';
import { type CommandIo } from './command.js';

/** The user of the operating system; behind `sudo` the one who called it. */
export function operatorOf({ env }: Pick<CommandIo, 'env'>): AuditParty {
  return { kind: 'operator', id: env['SUDO_USER'] ?? env['USER'] ?? null };
}

/** What a command is about to tell of others. */
type OperatorRead = Pick<AuditEvent, 'actor' | 'at' | 'subject' | 'organisationId' | 'details'> & {
  /** The command without its options, such as `account member list`. */
  readonly command: string;
};

/** The record of it, as HTTP leaves one for `privilegedRead`. */
export function operatorRead({ command, details = {}, ...who }: OperatorRead): AuditEvent {
  return { ...who, type: 'records.read', details: { operation: command, ...details } };
}
