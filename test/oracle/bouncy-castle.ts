import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * BouncyCastle in a Java machine of its own (Debian: libbcprov-java, libbcpkix-java, libbcutil-java, a JDK of at least 17):
 * a reader and verifier that shares no code with ours. Where it is absent its tests are skipped, and fail under `CI=true`.
 */

const JARS = ['bcprov', 'bcpkix', 'bcutil'].map((name) => `/usr/share/java/${name}.jar`);

/** True where Java and BouncyCastle are installed. Throws under `CI=true` where they are not. */
export function bouncyCastlePresent(): boolean {
  const present = JARS.every((jar) => existsSync(jar)) && javaPresent();
  if (!present && process.env['CI'] === 'true') {
    throw new Error(
      'BouncyCastle is missing: install libbcprov-java, libbcpkix-java, libbcutil-java and openjdk-17-jdk-headless',
    );
  }
  return present;
}

function javaPresent(): boolean {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What the oracle is asked to read. */
export type OracleKind = 'certificate' | 'cms' | 'token' | 'token-response' | 'ocsp' | 'crl';

/** What it read, by name (see `Oracle.java`); `readable` and, where that is true, `valid` are always there. */
export type Reading = Readonly<Record<string, string>>;

export interface BouncyCastle {
  /** Makes the oracle trust a CA certificate. */
  trust(der: Uint8Array, role: 'anchor' | 'intermediate'): Promise<void>;
  ask(
    kind: OracleKind,
    der: Uint8Array,
    asked?: Readonly<Record<string, Uint8Array | string>>,
  ): Promise<Reading>;
  close(): void;
}

/** Starts the Java machine; it takes about a second, once for a whole suite. */
export async function startBouncyCastle(): Promise<BouncyCastle> {
  const source = join(import.meta.dirname, 'Oracle.java');
  const machine = spawn('java', ['-XX:+UseSerialGC', '-cp', JARS.join(':'), source]);
  const ask = exchange(machine);
  await ask.next;
  const request = async (
    kind: OracleKind | 'trust',
    der: Uint8Array,
    asked: Readonly<Record<string, Uint8Array | string>> = {},
  ): Promise<Reading> => {
    const fields = Object.entries(asked).map(
      ([name, value]) => `${name}=${typeof value === 'string' ? value : base64(value)}`,
    );
    return readingOf(await ask.send([kind, base64(der), ...fields].join('\t')));
  };
  return {
    async trust(der, role) {
      const { readable, why } = await request('trust', der, { role });
      if (readable !== 'true') throw new Error(`the oracle cannot read a CA certificate: ${why ?? ''}`);
    },
    ask: request,
    close() {
      machine.kill();
    },
  };
}

/** One line out, one line back, in order. */
function exchange(machine: ChildProcessWithoutNullStreams): {
  readonly next: Promise<string>;
  send(line: string): Promise<string>;
} {
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  let complaint = '';
  machine.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  createInterface({ input: machine.stdout }).on('line', (line) => waiting.shift()?.resolve(line));
  machine.on('close', () => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`the oracle ended: ${complaint}`));
  });
  const answer = (): Promise<string> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  return {
    next: answer(),
    send(line) {
      machine.stdin.write(`${line}\n`);
      return answer();
    },
  };
}

function readingOf(line: string): Reading {
  return Object.fromEntries(
    line.split('\t').map((field) => {
      const at = field.indexOf('=');
      return [field.slice(0, at), field.slice(at + 1)];
    }),
  );
}

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
