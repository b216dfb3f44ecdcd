// Starts the other implementations as child processes and talks to them line by line (see peers/openssl.c).
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const folder = new URL('peers/', import.meta.url).pathname;
const BCPROV = '/usr/share/java/bcprov.jar';

/** SubjectPublicKeyInfo of a key up to its octets, as OpenSSL's engine knows the curve: Russian object identifiers. */
const SPKI = {
  'gost2015-512':
    '3081aa302106082a85030701010102301506092a850307010201020106082a8503070101020303818400048180',
  'gost2015-256': '305e301706082a85030701010101300b06092a85030701020101010343000440',
  'gost2004-256': '3063301c06062a8503020213301206072a85030202230106072a850302021e010343000440',
};

/** The peers that can be started here, and the names of those that cannot, with the reason. */
export function startPeers() {
  const scratch = mkdtempSync(join(tmpdir(), 'qaqpa-peers-'));
  const peers = [];
  const absent = [];
  const attempt = (name, prepare) => {
    try {
      peers.push({ name, process: prepare() });
    } catch (error) {
      absent.push(
        `${name}: ${
          String(error.stderr ?? error.message)
            .trim()
            .split('\n')[0]
        }`,
      );
    }
  };
  attempt('openssl', () => {
    const program = join(scratch, 'openssl');
    const source = join(folder, 'openssl.c');
    execFileSync('cc', ['-O2', '-Wall', '-o', program, source, '-lcrypto'], { stdio: 'pipe' });
    return spawn(program, { stdio: ['pipe', 'pipe', 'ignore'] });
  });
  attempt('bouncycastle', () => {
    if (!existsSync(BCPROV)) throw new Error(`${BCPROV} is missing (Debian: libbcprov-java)`);
    const source = join(folder, 'BouncyCastle.java');
    execFileSync('javac', ['-cp', BCPROV, '-d', scratch, source], { stdio: 'pipe' });
    return spawn('java', ['-cp', `${BCPROV}:${scratch}`, 'BouncyCastle'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  });
  return { peers: peers.map((peer) => talk(peer, scratch)), absent, scratch };
}

function talk({ name, process: child }, scratch) {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name} has ended`);
    return value;
  };
  const ask = async (line) => {
    child.stdin.write(`${line}\n`);
    return answer();
  };
  const timed = async (line) => {
    const [nanoseconds, count] = (await ask(line)).split(' ').map(Number);
    return { seconds: nanoseconds / 1e9, count };
  };
  let files = 0;
  return {
    name,
    /** Its own name and version; to be awaited first. */
    ready: answer().then((line) => line.replace(/^ready /, '')),
    /** Gives it signature records {publicKey, signature, digest}. */
    async load(curve, records) {
      const path = join(scratch, `${name}-${files++}`);
      const field = (octets) => [Buffer.from([octets.length >> 8, octets.length & 255]), octets];
      writeFileSync(
        path,
        Buffer.concat(
          records.flatMap(({ publicKey, signature, digest }) => [
            ...field(Buffer.concat([Buffer.from(SPKI[curve], 'hex'), publicKey])),
            ...field(Buffer.from(signature).reverse()),
            ...field(digest),
          ]),
        ),
      );
      await ask(`load ${curve} ${path}`);
      rmSync(path);
    },
    verify: (count) => timed(`verify ${count}`),
    verifyFresh: (count) => timed(`verify-fresh ${count}`),
    /** One boolean a record. */
    verdicts: async () => [...(await ask('verdicts'))].map((digit) => digit === '1'),
    digest: (algorithm, octets, count) => timed(`digest ${algorithm} ${octets} ${count}`),
    close: () => child.kill(),
  };
}
