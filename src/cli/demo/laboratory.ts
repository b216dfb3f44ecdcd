import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCertificate } from '../../eds/certificate/certificate.js';
import { formatName } from '../../eds/certificate/name.js';
import {
  createLaboratory,
  type CrlPoint,
  type Laboratory,
  type LabKey,
  type OcspResponder,
  startCrlPoint,
  startOcspResponder,
  startTimestampAuthority,
  type TimestampAuthority,
  type TrustCertificate,
} from '../../lab/index.js';
import { type Manifest, type ManifestEntry, serialiseManifest } from '../../trust/manifest.js';
import { MANIFEST_FILE } from '../../trust/load.js';
import { CAST, type CastKey, type CastMember, certificateOf } from './cast.js';

/** A key of somebody of the cast, certified. */
export interface IssuedKey {
  readonly member: CastMember;
  readonly cast: CastKey;
  readonly key: LabKey;
}

/** The certification authority of the demonstration with its services, and everybody's keys. All of it is gone with the process. */
export interface DemoLaboratory {
  readonly lab: Laboratory;
  readonly ocsp: OcspResponder;
  readonly crl: CrlPoint;
  readonly tsa: TimestampAuthority;
  readonly keys: readonly IssuedKey[];
  close(): Promise<void>;
}

/** Makes the authorities, certifies the cast and starts OCSP, CRL and time-stamps on free local ports. */
export async function startLaboratory(now: () => Date): Promise<DemoLaboratory> {
  const lab = await createLaboratory({ now });
  const keys = await Promise.all(
    CAST.flatMap((member) =>
      member.keys.map(async (cast) => ({
        member,
        cast,
        key: await lab.issue(certificateOf(member, cast, now())),
      })),
    ),
  );
  for (const { cast, key } of keys) if (cast.defect === 'revoked') lab.revoke(key);
  const ocsp = await startOcspResponder(lab);
  const crl = await startCrlPoint(lab);
  const tsa = await startTimestampAuthority(lab);
  return {
    lab,
    ocsp,
    crl,
    tsa,
    keys,
    async close() {
      await Promise.all([ocsp.close(), crl.close(), tsa.close()]);
    },
  };
}

/** Writes the laboratory's CA certificates as a trust folder; the manifest comes last, so a watcher sees only whole sets. */
export async function writeTrustFolder(lab: Laboratory, folder: string, now: Date): Promise<void> {
  await mkdir(folder, { recursive: true });
  const certificates = lab.trustCertificates();
  for (const { name, pem } of certificates) await writeFile(join(folder, `${name}.pem`), pem);
  const manifest: Manifest = {
    version: `${now.toISOString().slice(0, 10)}.1`,
    entries: certificates.map((certificate) => entryOf(certificate)),
  };
  const draft = join(folder, `${MANIFEST_FILE}.new`);
  await writeFile(draft, serialiseManifest(manifest));
  await rename(draft, join(folder, MANIFEST_FILE));
}

function entryOf({ name, role, der }: TrustCertificate): ManifestEntry {
  const certificate = parseCertificate(der);
  return {
    name,
    file: `${name}.pem`,
    role,
    purposes: ['login', 'document', 'timestamp', 'ocsp'],
    sha256: certificate.sha256,
    subject: formatName(certificate.subject),
    serial: certificate.serialNumber,
    window: { from: null, until: null },
    status: 'active',
    provenance: { urls: [], note: 'Laboratory of `qaqpa demo`: throw-away, worth nothing anywhere else.' },
  };
}
