import { createHash } from 'node:crypto';
import { createPathMemo, createTrustSet, type PathMemo, type TrustSet } from '../../src/eds/index.js';
import {
  createLaboratory,
  type IssueRequest,
  type KeyAlgorithm,
  type Laboratory,
  type LabKey,
  type PrivateKey,
} from '../../src/lab/index.js';
import { trusted } from '../eds/support.js';
import { opensslGostPresent } from '../support/openssl-gost.js';
import { type BouncyCastle, bouncyCastlePresent, startBouncyCastle } from './bouncy-castle.js';
import { type OpenSslOracle, openOpenSslOracle } from './openssl.js';

/** The laboratory, what we trust of it and the oracle, which trusts the same. */
export interface Scene {
  readonly lab: Laboratory;
  readonly trust: TrustSet;
  readonly oracle: BouncyCastle;
  readonly openssl: OpenSslOracle;
  readonly memo: PathMemo;
  /** A person's certificate under the one key of this algorithm that a suite needs; always with the same serial number. */
  issue(algorithm: KeyAlgorithm, request: Omit<IssueRequest, 'algorithm'>): Promise<LabKey>;
  close(): void;
}

/** True where both oracles are installed. Throws under `CI=true` where one is not. */
export function oraclesPresent(): boolean {
  return [bouncyCastlePresent(), opensslGostPresent()].every(Boolean);
}

export const NOW = new Date('2026-11-23T06:00:00Z');
export const AT = String(NOW.getTime());
export const ALGORITHMS: readonly KeyAlgorithm[] = [
  'gost2015-512',
  'gost2015-256',
  'gost2004-256',
  'rsa-2048',
];

const SERIAL_NUMBER = Uint8Array.from(Buffer.from('6c425659bd2fc6dc587b871aede1857727cf8451', 'hex'));

export async function openScene(): Promise<Scene> {
  const [lab, oracle] = await Promise.all([createLaboratory({ now: NOW }), startBouncyCastle()]);
  const { root, issuing } = lab.hierarchy('rsa-2048');
  const openssl = openOpenSslOracle(root.certificate, issuing.certificate);
  const keys = new Map<KeyAlgorithm, PrivateKey>();
  const certificates = lab.trustCertificates();
  for (const { der, role } of certificates) await oracle.trust(der, role);
  const trust = createTrustSet(
    'oracle',
    certificates.map(({ der, role }) => trusted(der, role)),
  );
  return {
    lab,
    trust,
    oracle,
    openssl,
    memo: createPathMemo(),
    async issue(algorithm, request) {
      const privateKey =
        keys.get(algorithm) ?? (await lab.issue({ kind: 'individual', algorithm })).privateKey;
      keys.set(algorithm, privateKey);
      return lab.issue({ algorithm, privateKey, serialNumber: SERIAL_NUMBER, ...request });
    },
    close() {
      openssl.close();
      oracle.close();
    },
  };
}

export const sha256 = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');
export const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** Ours are hex of the content octets, below zero with a sign; the oracle's are decimal. */
export function decimal(serialNumber: string): string {
  const negative = serialNumber.startsWith('-');
  const value = BigInt(`0x${negative ? serialNumber.slice(1) : serialNumber}`);
  return String(negative ? -value : value);
}
