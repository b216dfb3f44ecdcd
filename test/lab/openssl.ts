import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bitString, octetString, oid, sequence, toPem } from '../../src/lab/der.js';
import { type GostCurve } from '../../src/lab/gost/gost3410.js';

/** OpenSSL with its GOST engine: the second opinion on what the laboratory makes. Files live in a folder of their own. */
export interface OpenSsl {
  file(name: string, content: Uint8Array | string): string;
  path(name: string): string;
  run(...args: readonly string[]): Buffer;
  /** Standard output and error of a command that may fail. */
  say(...args: readonly string[]): string;
  /** Whether the engine accepts a signature value as НУЦ РК writes it over a digest. */
  acceptsGost(curve: GostCurve, publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean;
  close(): void;
}

/** НУЦ РК and Russia share curves and coordinates; the OIDs differ, and the signature is the whole buffer reversed. */
const RUSSIAN: Record<GostCurve, readonly [string, string, string]> = {
  'gost2015-512': ['1.2.643.7.1.1.1.2', '1.2.643.7.1.2.1.2.1', '1.2.643.7.1.1.2.3'],
  'gost2015-256': ['1.2.643.7.1.1.1.1', '1.2.643.7.1.2.1.1.1', '1.2.643.7.1.1.2.2'],
  'gost2004-256': ['1.2.643.2.2.19', '1.2.643.2.2.35.1', '1.2.643.2.2.30.1'],
};

export const GOST_CURVES = Object.keys(RUSSIAN) as GostCurve[];

export function openOpenSsl(): OpenSsl {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-openssl-'));
  const path = (name: string): string => join(folder, name);
  const file = (name: string, content: Uint8Array | string): string => {
    writeFileSync(path(name), content);
    return path(name);
  };
  const run = (...args: readonly string[]): Buffer =>
    execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  return {
    file,
    path,
    run,
    say(...args) {
      const { stdout, stderr } = spawnSync('openssl', args);
      return stdout.toString() + stderr.toString();
    },
    acceptsGost(curve, publicKey, digest, signature) {
      const [key, ...parameters] = RUSSIAN[curve];
      const spki = sequence(
        sequence(oid(key), sequence(...parameters.map(oid))),
        bitString(octetString(publicKey)),
      );
      const keyFile = file('public.pem', toPem('PUBLIC KEY', spki));
      const [input, value] = [
        file('digest', digest),
        file('signature', Uint8Array.from(signature).reverse()),
      ];
      const verify = ['pkeyutl', '-engine', 'gost', '-verify', '-pubin'];
      try {
        run(...verify, '-inkey', keyFile, '-sigfile', value, '-in', input);
        return true;
      } catch {
        return false;
      }
    },
    close() {
      rmSync(folder, { recursive: true });
    },
  };
}
