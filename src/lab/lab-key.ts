import { type CertificateFacts, readCertificate } from './certificate.js';
import { toPem } from './der.js';
import { type KeyAlgorithm, type PrivateKey } from './private-key.js';

/** A key with its certificate: what a person has in a key file. Made by the laboratory or read from PKCS#12. */
export interface LabKey {
  /** Serial number of the certificate, lower-case hex. */
  readonly id: string;
  readonly algorithm: KeyAlgorithm;
  /** DER. */
  readonly certificate: Uint8Array;
  readonly certificatePem: string;
  readonly facts: CertificateFacts;
  readonly privateKey: PrivateKey;
}

export function labKey(privateKey: PrivateKey, certificate: Uint8Array): LabKey {
  const facts = readCertificate(certificate);
  return {
    id: facts.serialNumber,
    algorithm: privateKey.algorithm,
    certificate,
    certificatePem: toPem('CERTIFICATE', certificate),
    facts,
    privateKey,
  };
}
