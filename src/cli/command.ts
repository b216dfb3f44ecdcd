import { type Readable, type Writable } from 'node:stream';

/** What a command may touch of the process it runs in. Tests hand in their own; nothing in a command reads globals. */
export interface CommandIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder against which relative paths are resolved. */
  readonly cwd: string;
  readonly now: () => Date;
}

/** One word after `qaqpa`. Every file of `commands/` exports one under the name `command`. */
export interface Command {
  /** The whole help text: synopsis, options with their units, exit codes where they are not the usual ones. */
  readonly usage: string;
  /**
   * @param args what stands after the command's name
   * @returns the exit code, one of `EXIT`
   * @throws UsageError, InputError, the errors of `node:util` parseArgs; anything else ends as `EXIT.internal`
   */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** Exit codes: 0 to 2 are verdicts, the others are those of sysexits.h. */
export const EXIT = Object.freeze({
  ok: 0,
  /** `TOTAL_FAILED`, or a check that found something wrong. */
  failed: 1,
  indeterminate: 2,
  usage: 64,
  unreadable: 65,
  unavailable: 69,
  internal: 70,
  configuration: 78,
});

/** The command line itself is wrong: exit code 64. The message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A file or an answer that was named cannot be read as what it should be: exit code 65. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
