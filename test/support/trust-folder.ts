import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePem } from '../../src/eds/asn1/pem.js';
import { parseCertificate } from '../../src/eds/certificate/certificate.js';
import { formatName } from '../../src/eds/certificate/name.js';
import { type Laboratory } from '../../src/lab/index.js';
import { type ManifestEntry, serialiseManifest } from '../../src/trust/manifest.js';

/** A CA certificate and what it is to be trusted for. */
export interface FolderAuthority {
  readonly name: string;
  readonly role: 'anchor' | 'intermediate';
  readonly pem: string;
  /** Default: every purpose. */
  readonly purposes?: ManifestEntry['purposes'];
}

/** Writes a trust folder that pins the laboratory's authorities for every purpose. `change` may spoil or retire entries. */
export function writeTrustFolder(
  folder: string,
  lab: Laboratory,
  version: string,
  change: (entry: ManifestEntry) => ManifestEntry = (entry) => entry,
): void {
  writeTrustManifest(folder, lab.trustCertificates(), version, change);
}

/** Writes a trust folder that pins these authorities. */
export function writeTrustManifest(
  folder: string,
  authorities: readonly FolderAuthority[],
  version: string,
  change: (entry: ManifestEntry) => ManifestEntry = (entry) => entry,
): void {
  mkdirSync(folder, { recursive: true });
  const entries = authorities.map(({ name, role, pem, purposes }): ManifestEntry => {
    const certificate = parseCertificate(decodePem(pem)[0]!.der);
    const file = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.pem`;
    writeFileSync(join(folder, file), pem);
    return change({
      name: name.toLowerCase().replaceAll(/[^a-z0-9_.-]+/g, '-'),
      file,
      role,
      purposes: purposes ?? ['login', 'document', 'timestamp', 'ocsp'],
      sha256: certificate.sha256,
      subject: formatName(certificate.subject),
      serial: certificate.serialNumber,
      window: { from: null, until: null },
      status: 'active',
      provenance: { urls: [], note: 'laboratory' },
    });
  });
  writeFileSync(join(folder, 'manifest.json'), serialiseManifest({ version, entries }));
}
