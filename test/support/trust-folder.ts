import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCertificate } from '../../src/eds/certificate/certificate.js';
import { formatName } from '../../src/eds/certificate/name.js';
import { type Laboratory } from '../../src/lab/index.js';
import { type ManifestEntry, serialiseManifest } from '../../src/trust/manifest.js';

/** Writes a trust folder that pins the laboratory's authorities for every purpose. `change` may spoil or retire entries. */
export function writeTrustFolder(
  folder: string,
  lab: Laboratory,
  version: string,
  change: (entry: ManifestEntry) => ManifestEntry = (entry) => entry,
): void {
  mkdirSync(folder, { recursive: true });
  const entries = lab.trustCertificates().map(({ name, role, pem, der }): ManifestEntry => {
    const certificate = parseCertificate(der);
    const file = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.pem`;
    writeFileSync(join(folder, file), pem);
    return change({
      name: name.toLowerCase().replaceAll(/[^a-z0-9_.-]+/g, '-'),
      file,
      role,
      purposes: ['login', 'document', 'timestamp', 'ocsp'],
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
