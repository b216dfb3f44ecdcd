import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { BreachedSourceError, buildBreachedSet } from '../../storage/breached-set/build.js';
import { openBreachedSet } from '../../storage/breached-set/open.js';
import { type Command, type CommandIo, EXIT, InputError, UsageError } from '../command.js';
import { withRefusalsTold } from '../configured-storage.js';

const usage = `Usage: qaqpa passwords build-breached-set SOURCE TARGET [--at-least COUNT]
       qaqpa passwords check-breached-set FILE

build-breached-set  makes TARGET, which QAQPA_BREACHED_PASSWORDS may name, of SOURCE: the list "Pwned Passwords" of SHA-1 hashes,
                    sorted, HASH:COUNT a line, in one file; - for standard input. TARGET takes 4 octets a password. It must not be
                    there yet: put a new one in the place of the old one (mv) and restart the gateway.
check-breached-set  reads all of FILE against its checksums

--at-least COUNT    leaves out passwords that were seen less often than COUNT times; 1 unless given

Exit codes: 0 done, 64 wrong usage, 65 refused, with the reason and the line.
`;

export const command: Command = {
  usage,
  run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'at-least': { type: 'string' } },
      allowPositionals: true,
    });
    const [word, ...files] = positionals;
    if (word === 'build-breached-set') return withRefusalsTold(() => build(files, values['at-least'], io));
    if (word === 'check-breached-set') {
      if (values['at-least'] !== undefined)
        throw new UsageError('check-breached-set has no option --at-least');
      return withRefusalsTold(() => check(files, io));
    }
    throw new UsageError('passwords knows two words: build-breached-set, check-breached-set');
  },
};

async function build(files: readonly string[], atLeast: string | undefined, io: CommandIo): Promise<number> {
  const [source, target, ...rest] = files;
  if (source === undefined || target === undefined || rest.length > 0) {
    throw new UsageError('build-breached-set needs SOURCE and TARGET');
  }
  if (atLeast !== undefined && !/^[1-9]\d{0,8}$/.test(atLeast)) {
    throw new UsageError('--at-least is a number from 1 to 999999999');
  }
  let list: Readable | null = null;
  try {
    list = await openList(source, io);
    const { lines, entries } = await buildBreachedSet(list, resolve(io.cwd, target), Number(atLeast ?? '1'));
    io.stdout.write(`${resolve(io.cwd, target)}: ${entries} passwords of ${lines} lines\n`);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof BreachedSourceError) throw new InputError(`${source}: ${error.message}`);
    if (isFileError(error)) throw new InputError(`${source}: cannot be read (${error.code})`);
    throw error;
  } finally {
    list?.destroy();
  }
}

async function openList(source: string, { stdin, cwd }: CommandIo): Promise<Readable> {
  if (source === '-') return stdin;
  const file = await open(resolve(cwd, source), 'r');
  return file.createReadStream({ highWaterMark: 1 << 20 });
}

async function check(files: readonly string[], io: CommandIo): Promise<number> {
  const [file, ...rest] = files;
  if (file === undefined || rest.length > 0) throw new UsageError('check-breached-set needs one FILE');
  const set = await openBreachedSet(resolve(io.cwd, file));
  try {
    await set.verify();
  } finally {
    await set.close();
  }
  io.stdout.write(
    `${resolve(io.cwd, file)}: sound, ${set.entries} passwords seen ${set.atLeast} times or more\n`,
  );
  return EXIT.ok;
}

function isFileError(error: unknown): error is { readonly code: string } {
  return (
    typeof error === 'object' && error !== null && 'code' in error && /^E[A-Z]+$/.test(String(error.code))
  );
}
