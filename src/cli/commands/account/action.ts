/** What every action of `qaqpa account` is made of. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import {
  type Bin,
  controlDigitHolds,
  type Iin,
  maskNumber,
  parseBin,
  parseIin,
} from '../../../accounts/national-number.js';
import { PAGE_MAX } from '../../../accounts/page.js';
import { type Act } from '../../../audit/act.js';
import { type OpenServices } from '../../../services.js';
import { type CommandIo, UsageError } from '../../command.js';
import { type OperatorRead, recordOperatorRead } from '../../operator.js';

export const OPTIONS = {
  bin: { type: 'string' },
  iin: { type: 'string' },
  id: { type: 'string' },
  name: { type: 'string' },
  owner: { type: 'string' },
  kind: { type: 'string' },
  into: { type: 'string' },
  branch: { type: 'string', multiple: true },
  role: { type: 'string', multiple: true },
  title: { type: 'string' },
  permission: { type: 'string', multiple: true },
  days: { type: 'string' },
  overlap: { type: 'string' },
  'secret-id': { type: 'string' },
  sha256: { type: 'string' },
  status: { type: 'string' },
  search: { type: 'string' },
  limit: { type: 'string' },
  cursor: { type: 'string' },
  'personal-keys': { type: 'string' },
  passwords: { type: 'string' },
  certificates: { type: 'string' },
  'session-idle': { type: 'string' },
  'session-lifetime': { type: 'string' },
  'session-max': { type: 'string' },
  'step-up': { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

export type OptionName = keyof typeof OPTIONS;
export type Values = ReturnType<typeof parseAccountArgs>['values'];
type TextOption = {
  [Name in OptionName]: (typeof OPTIONS)[Name] extends { type: 'string'; multiple: true }
    ? never
    : (typeof OPTIONS)[Name]['type'] extends 'string'
      ? Name
      : never;
}[OptionName];

/** What one action sees: its options, read; the store; and where it may speak. */
export interface Call {
  /** The words of the command, such as `account member list`. */
  readonly command: string;
  readonly values: Values;
  readonly io: CommandIo;
  readonly act: Act;
}

export type Work = (storage: OpenServices) => Promise<void>;

export interface Action {
  readonly options: readonly OptionName[];
  /** Reads everything it needs before the store is opened, and returns what is to be done with it. */
  readonly prepare: (call: Call) => Work | Promise<Work>;
}

export type Actions = Readonly<Record<string, Action>>;

export const PAGING = ['limit', 'cursor', 'json'] as const;

export function parseAccountArgs(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
}

/** @throws UsageError when the option was not given */
export function required({ values }: Call, option: TextOption): string {
  const value = values[option];
  if (value === undefined || value === '') throw new UsageError(`--${option} is missing`);
  return value;
}

export function oneOf<T extends string>(
  text: string | undefined,
  option: string,
  known: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const value = known.find((name) => name === text);
  if (value !== undefined) return value;
  throw new UsageError(`--${option} is ${known.map((name) => `"${name}"`).join(' or ')}`);
}

/** @throws UsageError for what is no whole number in the bounds */
export function count(text: string | undefined, option: string, max: number): number | undefined {
  if (text === undefined) return undefined;
  const number = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > max) throw new UsageError(`--${option} is a number from 1 to ${max}`);
  return number;
}

export function binOf(call: Call): Bin {
  return readBin(call, required(call, 'bin'));
}

export function branchesOf(call: Call): Bin[] {
  return (call.values.branch ?? []).map((text) => readBin(call, text));
}

function readBin(call: Call, text: string): Bin {
  const bin = parseBin(text);
  if (bin === null) throw new UsageError('a BIN is twelve digits');
  return warned(call, bin, 'BIN');
}

export function iinOf(call: Call): Iin {
  const iin = parseIin(required(call, 'iin'));
  if (iin === null) throw new UsageError('an IIN is twelve digits');
  return warned(call, iin, 'IIN');
}

/** НУЦ РК's test identities fail the control digit, so it is pointed out and not refused. */
function warned<T extends Iin | Bin>(call: Call, number: T, what: string): T {
  if (!controlDigitHolds(number)) {
    call.io.stderr.write(`qaqpa: note: the control digit of ${what} ${maskNumber(number)} does not add up\n`);
  }
  return number;
}

export function pageOf({ values }: Call): { readonly limit: number; readonly cursor: string | null } {
  return { limit: count(values.limit, 'limit', PAGE_MAX) ?? PAGE_MAX, cursor: values.cursor ?? null };
}

/** Notes that this action tells of others, before it does. @throws StorageError */
export function noteRead(
  { command, act }: Call,
  { audit }: Pick<OpenServices, 'audit'>,
  looked: OperatorRead = {},
): Promise<void> {
  return recordOperatorRead(audit, act, command, looked);
}

export function say({ io }: Call, text: string): void {
  io.stdout.write(`${text}\n`);
}

/** Prints a list, and how to go on where there is more. */
export function list<T>(
  call: Call,
  items: readonly T[],
  columns: (item: T) => readonly string[],
  nextCursor: string | null = null,
): void {
  if (call.values.json === true) {
    call.io.stdout.write(`${JSON.stringify(items, null, 2)}\n`);
  } else {
    const rows = items.map(columns);
    const widths = (rows[0] ?? []).map((_, column) =>
      Math.max(...rows.map((row) => row[column]?.length ?? 0)),
    );
    for (const row of rows) {
      const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
      say(call, cells.join('  ').trimEnd());
    }
  }
  if (nextCursor !== null) call.io.stderr.write(`qaqpa: there is more: --cursor ${nextCursor}\n`);
}

export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
