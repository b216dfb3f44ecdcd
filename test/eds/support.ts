import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePem } from '../../src/eds/asn1/pem.js';
import { parseCertificate } from '../../src/eds/certificate/certificate.js';
import { isSelfSigned } from '../../src/eds/path/self-signed.js';
import { type DocumentPolicy } from '../../src/eds/judgement/policy.js';
import { type RevocationSource } from '../../src/eds/judgement/revocation.js';
import { createTrustSet, type TrustedCertificate, type TrustSet } from '../../src/eds/trust-set.js';
import { sharedPath } from '../support/shared-material.js';

const OPEN = { from: null, until: null };

/** A trusted CA for every purpose at all times. */
export function trusted(pem: string | Uint8Array, role?: 'anchor' | 'intermediate'): TrustedCertificate {
  const der = typeof pem === 'string' ? decodePem(pem)[0]!.der : pem;
  const certificate = parseCertificate(der);
  return {
    certificate,
    role: role ?? (isSelfSigned(certificate) ? 'anchor' : 'intermediate'),
    purposes: ['login', 'document', 'timestamp', 'ocsp'],
    window: OPEN,
  };
}

/** Every CA of НУЦ РК in the shared folder; the two old test CAs, whose roots nobody published, are anchors themselves. */
export function nucTrust(only?: readonly string[]): TrustSet {
  const entries = ['certs/ship', 'certs/pinned'].flatMap((folder) =>
    readdirSync(sharedPath(folder))
      .filter((name) => only?.includes(name.replace('.pem', '')) ?? true)
      .map((name) =>
        trusted(
          readFileSync(join(sharedPath(folder), name), 'utf8'),
          /^nca_(rsa|gost)_test/.test(name) ? 'anchor' : undefined,
        ),
      ),
  );
  return createTrustSet('nuc-test', entries);
}

/** A document judged without revocation. */
export const OFFLINE_DOCUMENT: DocumentPolicy = {
  name: 'document',
  revocation: 'not-checked',
  checksums: 'warn',
};

/** For policies that must not ask about revocation at all. */
export const NOBODY_TO_ASK: RevocationSource = {
  statusOf: () => Promise.reject(new Error('nobody should have been asked')),
};
