import { types } from 'node:util';
import { pino, type Logger } from 'pino';

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
];
const CAUSES_MAX = 5;

/**
 * The log: one JSON object per line. Two nets hold back personal data and secrets: fields by name, and, for what slips into a
 * message by somebody's mistake, every run of exactly twelve digits in the finished line (the form of an IIN and of a BIN).
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
    hooks: { streamWrite: maskNumbers },
  };
  return options.to === undefined ? pino(settings) : pino(settings, options.to);
}

/**
 * The same log for lines whose fields all stand where they are written and hold no objects: nothing is looked for by name, which takes
 * longer than writing the line. Digits are masked as everywhere.
 */
export function closedFieldsLog(log: Log): Log {
  return log.child({}, { redact: [] });
}

/** Twelve digits in a row, unless they are part of a longer number, of a hexadecimal fingerprint or of a UUID. */
export function maskNumbers(line: string): string {
  return line.replace(/(?<![0-9a-f]|[0-9a-f]{4}(?:-[0-9a-f]{4}){3}-)\d{12}(?![0-9a-f])/g, '************');
}

interface ErrorDescription {
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
  readonly stack: string | null;
  readonly cause?: ErrorDescription;
}

/** Name, code, message, stack and causes; not the other properties, in which libraries keep inputs and statements. */
function describeError(error: unknown, depth = 0): ErrorDescription {
  // `Error.isError` would be the name of it, but Node 20 has none; `instanceof` misses errors of other realms.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (!types.isNativeError(error)) return { type: typeof error, code: null, message: '', stack: null };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const described = { type: error.name, code, message: error.message, stack: error.stack ?? null };
  return error.cause === undefined || depth >= CAUSES_MAX
    ? described
    : { ...described, cause: describeError(error.cause, depth + 1) };
}
