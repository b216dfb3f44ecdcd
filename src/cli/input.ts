import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Readable } from 'node:stream';
import { type CommandIo, InputError, UsageError } from './command.js';

/** The input is longer than what is read of its kind. */
export class InputTooLong extends InputError {}

/**
 * Reads a file the user named, `-` being standard input.
 *
 * @param limit the longest input accepted, in bytes
 * @throws InputError when it cannot be read, InputTooLong when it is longer
 */
export async function readInput(path: string, limit: number, io: CommandIo): Promise<Uint8Array> {
  const name = path === '-' ? 'standard input' : path;
  try {
    if (path === '-') return await collect(io.stdin, limit, name);
    const file = await open(resolve(io.cwd, path), 'r');
    return await collect(file.createReadStream(), limit, name);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const code =
      typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new InputError(`${name} cannot be read (${code})`, { cause });
  }
}

/**
 * Reads a time with its zone as RFC 3339 writes it.
 *
 * @throws UsageError naming the option
 */
export function readTime(text: string, option: string): Date {
  const match = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i.exec(text);
  const time = new Date(text);
  const day = new Date(`${match?.[1] ?? ''}T00:00:00Z`);
  // Date turns 30 February into 2 March; the day must survive the way there and back.
  const exists = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(match?.[1] ?? '-');
  if (match === null || Number.isNaN(time.getTime()) || !exists) {
    throw new UsageError(`${option} needs a time with its zone, for example 2026-07-20T12:00:00Z`);
  }
  return time;
}

async function collect(stream: Readable, limit: number, name: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) {
      stream.destroy();
      throw new InputTooLong(`${name} is longer than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
