/** Standard output for the log, in groups of lines: each write goes through a thread of libuv and takes longer than making the line. */
import { type DestinationStream, pino, symbols } from 'pino';

/** A group this large is written at once, in octets. */
const GROUP_OCTETS = 4096;
/** No line waits longer. What is lost of the log when the process is killed is younger than this. */
const GROUP_MS = 100;
/** From `warn` on a line is written at once, with those before it. */
const URGENT_LEVEL = 40;

/** Nothing is lost where the process ends by itself: the rest is written when it exits. */
export function openLogOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: false, minLength: GROUP_OCTETS });
  let kept = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const writeGroup = (): void => {
    output.flush();
    // Again, should another write have been under way.
    if (kept > 0) timer ??= setTimeout(timeUp, GROUP_MS).unref();
  };
  const timeUp = (): void => {
    timer = undefined;
    if (kept > 0 && !closed) writeGroup();
  };
  output.on('write', (octets: number) => {
    kept -= octets;
  });
  output.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read the log has gone. Anything else is as fatal as pino has it.
    if (error.code !== 'EPIPE') throw error;
    closed = true;
  });
  const stream = {
    // Asks pino to tell the level of each line.
    [symbols.needsMetadataGsym]: true,
    lastLevel: 0,
    write(line: string): void {
      if (closed) return;
      kept += Buffer.byteLength(line);
      output.write(line);
      if (stream.lastLevel >= URGENT_LEVEL) writeGroup();
      else timer ??= setTimeout(timeUp, GROUP_MS).unref();
    },
  };
  return stream;
}
