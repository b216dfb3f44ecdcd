import { type Readable, type Writable } from 'node:stream';
import { type CommandIo, InputError } from './command.js';

const MAX_BYTES = 4096;

/**
 * Reads a password: the first line of standard input, or, on a terminal, what is typed twice without being shown. A password
 * never comes as an argument, where every user of the machine could read it.
 *
 * @throws InputError when there is none, or the two do not agree
 */
export async function readPassword({ stdin, stderr }: CommandIo): Promise<string> {
  const lines = readLines(stdin);
  try {
    return isTerminal(stdin) ? await askTwice(stdin, stderr, lines) : nonEmpty((await lines.next()).value);
  } finally {
    // Lets go of standard input: an open pipe would keep the process alive.
    await lines.return(undefined);
  }
}

async function askTwice(
  terminal: Terminal,
  stderr: Writable,
  lines: AsyncGenerator<string, undefined>,
): Promise<string> {
  terminal.setRawMode(true);
  try {
    stderr.write('Password: ');
    const first = nonEmpty((await lines.next()).value);
    stderr.write('\nAgain: ');
    const second = (await lines.next()).value;
    stderr.write('\n');
    if (first !== second) throw new InputError('the two passwords are not the same');
    return first;
  } finally {
    terminal.setRawMode(false);
  }
}

type Terminal = Readable & { setRawMode(raw: boolean): unknown };

function isTerminal(stdin: Readable): stdin is Terminal {
  return 'isTTY' in stdin && stdin.isTTY === true;
}

function nonEmpty(line: string | undefined): string {
  if (line === undefined || line === '') throw new InputError('no password was given');
  return line;
}

/** Lines as they come. In raw mode the terminal leaves erasing and interrupting to us. */
async function* readLines(stdin: Readable): AsyncGenerator<string, undefined> {
  let line: string[] = [];
  const decoder = new TextDecoder();
  for await (const chunk of stdin as AsyncIterable<Uint8Array | string>) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    for (const character of text) {
      if (character === '\r' || character === '\n') {
        yield line.join('');
        line = [];
      } else if (character === '\u0003' || character === '\u0004') throw new InputError('interrupted');
      else if (character === '\u007f' || character === '\b') line.pop();
      else line.push(character);
      if (line.length > MAX_BYTES) throw new InputError('the password is too long');
    }
  }
  if (line.length > 0) yield line.join('');
  return undefined;
}
