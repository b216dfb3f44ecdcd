import { readFile } from 'node:fs/promises';
import { nearestName } from '../config/nearest-name.js';
import { type Command, type CommandIo, EXIT, InputError, UsageError } from './command.js';

/** One row of the table of commands. A module is loaded only when its command runs or its help is asked for. */
interface Row {
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

const COMMANDS: Readonly<Record<string, Row>> = {
  demo: {
    summary: 'the whole thing on this machine: laboratory PKI, NCALayer double, sample organisation',
    load: () => import('./commands/demo.js'),
  },
  serve: { summary: 'run the gateway', load: () => import('./commands/serve.js') },
  verify: {
    summary: 'judge a signature: CMS, XML, time-stamp, OCSP response or CRL',
    load: () => import('./commands/verify.js'),
  },
  certificate: { summary: 'show what a certificate says', load: () => import('./commands/certificate.js') },
  trust: {
    summary: 'list and change the trusted CA certificates',
    load: () => import('./commands/trust.js'),
  },
  account: {
    summary: 'organisations, people, passwords and API clients',
    load: () => import('./commands/account.js'),
  },
  passwords: {
    summary: 'make and check the file of breached passwords',
    load: () => import('./commands/passwords.js'),
  },
  audit: {
    summary: 'read the audit log, prove that it is whole, rotate its key',
    load: () => import('./commands/audit.js'),
  },
  storage: {
    summary: 'back up, restore and check the embedded database; rotate the master key',
    load: () => import('./commands/storage.js'),
  },
  config: {
    summary: 'check the configuration without starting',
    load: () => import('./commands/config.js'),
  },
  doctor: {
    summary: 'look at everything the gateway needs',
    load: () => import('./commands/doctor.js'),
  },
};

const INTRODUCTION = `qaqpa: sign-in gateway and verifier for Kazakhstan electronic signatures (ЭЦП, НУЦ РК)

Usage: qaqpa COMMAND [OPTIONS]
       qaqpa help COMMAND
       qaqpa --version
`;

/**
 * Runs one command line.
 *
 * @param args what stands after the program's name
 * @returns the exit code; nothing is thrown
 */
export async function dispatch(args: readonly string[], io: CommandIo): Promise<number> {
  const [first, ...rest] = args;
  try {
    if (first === undefined) {
      io.stderr.write(help());
      return EXIT.usage;
    }
    if (first === '--version' || first === '-v') {
      io.stdout.write(`${await version()}\n`);
      return EXIT.ok;
    }
    if (first === '--help' || first === '-h' || first === 'help') {
      io.stdout.write(rest[0] === undefined ? help() : (await load(rest[0])).usage);
      return EXIT.ok;
    }
    const command = await load(first);
    const options = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
    if (options.includes('--help') || options.includes('-h')) {
      io.stdout.write(command.usage);
      return EXIT.ok;
    }
    return await command.run(rest, io);
  } catch (error) {
    return report(error, first ?? '', io);
  }
}

async function load(name: string): Promise<Command> {
  const row = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (row === undefined) {
    const near = nearest(name, Object.keys(COMMANDS));
    throw new UsageError(
      `there is no command "${name}"${near === null ? '' : `; did you mean "${near}"?`}\nqaqpa --help lists the commands.`,
    );
  }
  return (await row.load()).command;
}

function help(): string {
  const width = Math.max(0, ...Object.keys(COMMANDS).map((name) => name.length));
  const rows = Object.entries(COMMANDS).map(([name, row]) => `  ${name.padEnd(width)}  ${row.summary}\n`);
  return `${INTRODUCTION}\nCommands:\n${rows.join('')}`;
}

/** The version in package.json, which lies two folders above both src/cli and dist/cli. */
async function version(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

function report(error: unknown, command: string, io: CommandIo): number {
  if (error instanceof UsageError || isParseArgsError(error)) {
    io.stderr.write(`qaqpa: ${error.message}\n`);
    if (Object.hasOwn(COMMANDS, command)) io.stderr.write(`qaqpa help ${command} shows how it is used.\n`);
    return EXIT.usage;
  }
  if (error instanceof InputError) {
    io.stderr.write(`qaqpa: ${error.message}\n`);
    return EXIT.unreadable;
  }
  io.stderr.write(
    `qaqpa: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return EXIT.internal;
}

function isParseArgsError(error: unknown): error is Error {
  // By its form: in a test's realm the errors of node:util are of another Error class.
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}

/** The command somebody began to type, or one within two edits of what was typed. */
function nearest(word: string, known: readonly string[]): string | null {
  const begun = word.length > 1 ? known.find((name) => name.startsWith(word)) : undefined;
  return begun ?? nearestName(word, known, 2);
}
