import { pino, type Logger } from 'pino';
import { openLogOutput } from './log-output.js';
import { maskNumbers } from './mask.js';

export type Log = Logger;

/** Fields that are never written, whatever object they arrive in. */
const SECRET_FIELDS = [
  'iin',
  'bin',
  'password',
  'secret',
  'token',
  'sessionToken',
  'browserToken',
  'cookie',
  'authorization',
  'signature',
  'masterKey',
  'nextMasterKey',
];
const CAUSES_MAX = 5;

/**
 * The log: one JSON object per line. Two nets hold back personal data and secrets: fields by name, and, for what slips into a
 * message by mistake, twelve digits or more in the finished line, however they are written (see `maskNumbers`).
 *
 * @param to where lines go; standard output if absent
 */
export function createLog(options: {
  readonly level: string;
  readonly to?: { write(line: string): void } | undefined;
}): Log {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: '[redacted]',
    },
    serializers: { err: describeError },
    formatters: { level: (label) => ({ level: label }) },
    hooks: { streamWrite: maskNumbers, logMethod: withMessage },
  };
  return pino(settings, options.to ?? openLogOutput());
}

/**
 * The same log for lines whose fields all stand where they are written and hold no objects: nothing is looked for by name, which takes
 * longer than writing the line. Digits are masked as everywhere.
 */
export function closedFieldsLog(log: Log): Log {
  return log.child({}, { redact: [] });
}

/** pino would say the message of an error in place of one that is missing, as it is and with all it quotes. */
function withMessage(this: Log, args: Parameters<pino.LogFn>, method: pino.LogFn): void {
  const [first, second] = args as unknown as [unknown, unknown];
  if (typeof first === 'object' && second === undefined) method.call(this, first, 'an error');
  else method.apply(this, args);
}

interface ErrorDescription {
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
  readonly stack: string | null;
  readonly cause?: ErrorDescription;
}

/**
 * Name, code, message, stack and causes; not the other properties, in which libraries keep inputs and statements. Errors are known by
 * their form: those of native modules and of other realms are none by class.
 */
function describeError(error: unknown, depth = 0): ErrorDescription {
  if (typeof error !== 'object' || error === null) {
    return { type: typeof error, code: null, message: '', stack: null };
  }
  const { name, code, errcode, message, stack, cause } = error as Readonly<Record<string, unknown>>;
  const type = textOf(name) ?? 'object';
  const story = withoutInput(error, textOf(message) ?? '');
  // SQLite's own number of the reason; its code says only that it was SQLite.
  const reason = typeof errcode === 'number' ? `${textOf(code) ?? ''} ${errcode}`.trim() : textOf(code);
  const described = { type, code: reason, message: story, stack: framesOf(textOf(stack), type, story) };
  return cause === undefined || depth >= CAUSES_MAX
    ? described
    : { ...described, cause: describeError(cause, depth + 1) };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The parser of JSON and PostgreSQL quote what they could not read; the code says which complaint it was. */
function withoutInput(error: object, message: string): string {
  const { name, severity } = error as { readonly name?: unknown; readonly severity?: unknown };
  const quotes = name === 'SyntaxError' || typeof severity === 'string';
  return quotes ? message.replaceAll(/"(?:[^"]|"(?=\w))*"|'[^']*'/g, '"…"') : message;
}

/** A stack begins with the message as it was. */
function framesOf(stack: string | null, type: string, message: string): string | null {
  if (stack === null) return null;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [`${type}: ${message}`, ...frames].join('\n');
}
