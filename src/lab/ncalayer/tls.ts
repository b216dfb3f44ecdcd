import { randomBytes } from 'node:crypto';
import {
  basicConstraints,
  encodeCertificate,
  encodeName,
  extendedKeyUsage,
  keyUsage,
} from '../certificate.js';
import { contextPrimitive, extension, sequence, toPem } from '../der.js';
import { OID } from '../oid.js';
import { generatePrivateKey } from '../private-key.js';

export interface TlsCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** A self-signed certificate for 127.0.0.1 and localhost, valid a month around `now`. */
export async function loopbackCertificate(now: Date): Promise<TlsCertificate> {
  const key = await generatePrivateKey('rsa-2048');
  const name = encodeName([[OID.commonName, '127.0.0.1']]);
  const serialNumber = new Uint8Array(randomBytes(16));
  serialNumber[0] = 0x40;
  const certificate = encodeCertificate(
    {
      serialNumber,
      issuer: name,
      subject: name,
      notBefore: new Date(now.getTime() - 15 * 86_400_000),
      notAfter: new Date(now.getTime() + 15 * 86_400_000),
      publicKeyInfo: key.publicKeyInfo,
      extensions: [
        basicConstraints(false),
        keyUsage(['digitalSignature', 'keyEncipherment']),
        extendedKeyUsage([SERVER_AUTH]),
        extension(
          OID.subjectAltName,
          sequence(
            contextPrimitive(7, Uint8Array.of(127, 0, 0, 1)),
            contextPrimitive(2, new Uint8Array(Buffer.from('localhost'))),
          ),
        ),
      ],
    },
    key,
  );
  return {
    certificatePem: toPem('CERTIFICATE', certificate),
    keyPem: toPem('PRIVATE KEY', key.privateKeyInfo),
  };
}
