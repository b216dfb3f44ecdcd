import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Reading } from './bouncy-castle.js';
import { AT } from './scene.js';

/** OpenSSL's own verdicts on what is signed with RSA, and its GOST engine's on signature values. DER throughout. */
export interface OpenSslOracle {
  certificate(der: Uint8Array): boolean;
  /** `content`: what a detached signature is over. */
  cms(der: Uint8Array, content: Uint8Array | null): boolean;
  /** A time-stamp token over `stamped`. */
  token(der: Uint8Array, stamped: Uint8Array): boolean;
  /** `good`, `revoked`, `unknown`; `null` where the answer is not accepted or says nothing about the certificate. */
  ocsp(der: Uint8Array, certificate: Uint8Array, issuer: Uint8Array, hash: 'sha1' | 'sha256'): string | null;
  crl(der: Uint8Array): boolean;
  /** Whether the engine finds the GOST signature good that the other oracle took out of an artefact. */
  engine(reading: Reading, prefix?: string): boolean;
  close(): void;
}

/** OpenSSL holds an answer's times against the clock of the machine, which is not the laboratory's. */
const ANY_TIME = ['-validity_period', '2000000000'];

/** @param anchor the root and @param middle the issuing CA of the RSA hierarchy, DER */
export function openOpenSslOracle(anchor: Uint8Array, middle: Uint8Array): OpenSslOracle {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-oracle-'));
  const file = (name: string, content: Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const pem = (name: string, ...all: readonly Uint8Array[]): string =>
    file(
      name,
      Buffer.concat(all.map((der) => execFileSync('openssl', ['x509', '-inform', 'DER'], { input: der }))),
    );
  const root = pem('root.pem', anchor);
  const issuing = pem('issuing.pem', middle);
  const both = pem('both.pem', anchor, middle);
  const time = ['-attime', String(Number(AT) / 1000)];
  const run = (...args: readonly string[]): { readonly good: boolean; readonly text: string } => {
    const { status, stdout, stderr } = spawnSync('openssl', [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    return { good: status === 0, text: stdout.toString() + stderr.toString() };
  };
  return {
    certificate: (der) =>
      run('verify', ...time, '-CAfile', root, '-untrusted', issuing, file('leaf.der', der)).good,
    cms(der, content) {
      const beside = content === null ? [] : ['-content', file('content', content)];
      const message = ['-inform', 'DER', '-in', file('message.der', der), ...beside, '-binary'];
      const path = ['-CAfile', both, '-purpose', 'any', ...time];
      return run('cms', '-verify', ...message, ...path, '-out', join(folder, 'out')).good;
    },
    token(der, stamped) {
      const token = ['-in', file('token.der', der), '-token_in', '-data', file('stamped', stamped)];
      return run('ts', '-verify', ...token, '-CAfile', root, '-untrusted', issuing, ...time).good;
    },
    ocsp(der, certificate, issuer, hash) {
      const [leaf, authority] = [pem('asked.pem', certificate), pem('authority.pem', issuer)];
      const question = [`-${hash}`, '-issuer', authority, '-cert', leaf, '-no_nonce', ...ANY_TIME];
      const answer = ['-respin', file('answer.der', der), '-CAfile', both, '-partial_chain', ...time];
      const { text } = run('ocsp', ...answer, '-verify_other', authority, ...question);
      if (!text.includes('Response verify OK')) return null;
      return /asked\.pem: (good|revoked|unknown)/.exec(text)?.[1] ?? null;
    },
    crl: (der) =>
      run('crl', '-inform', 'DER', '-in', file('list.crl', der), '-CAfile', both, '-noout').text.includes(
        'verify OK',
      ),
    engine(reading, prefix = '') {
      const part = (name: string): Uint8Array =>
        new Uint8Array(Buffer.from(reading[`${prefix}engine${name}`] ?? '', 'hex'));
      const key = ['-keyform', 'DER', '-inkey', file('engine-key.der', part('Key'))];
      const digest = ['-in', file('engine-digest', part('Digest'))];
      const signature = ['-sigfile', file('engine-signature', part('Signature'))];
      return run('pkeyutl', '-engine', 'gost', '-verify', '-pubin', ...key, ...digest, ...signature).good;
    },
    close() {
      rmSync(folder, { recursive: true });
    },
  };
}
