import { open } from 'node:fs/promises';
import { decodePem } from '../eds/asn1/pem.js';
import { type Certificate, parseCertificate } from '../eds/certificate/certificate.js';

/** The longest certificate file or bundle that is read, in bytes. */
const FILE_LIMIT = 1024 * 1024;

/**
 * Reads all certificates of a PEM or DER file.
 *
 * @throws EdsError when a certificate in it is malformed; the errors of `node:fs`
 */
export async function readCertificateFile(path: string): Promise<readonly Certificate[]> {
  return parseCertificates(await readBounded(path, FILE_LIMIT));
}

/**
 * Reads the certificates in PEM or DER bytes. Other PEM blocks are no certificates and make the whole malformed.
 *
 * @throws EdsError
 */
export function parseCertificates(bytes: Uint8Array): readonly Certificate[] {
  if (bytes[0] === 0x30) return [parseCertificate(bytes)];
  return decodePem(bytes).map(({ der }) => parseCertificate(der));
}

/**
 * Reads a file no longer than `limit` bytes, however long it claims to be.
 *
 * @throws the errors of `node:fs`; RangeError when the file is longer
 */
export async function readBounded(path: string, limit: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = new Uint8Array(limit + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
      if (length > limit) throw new RangeError(`the file is longer than ${limit} bytes`);
    }
    return buffer.slice(0, length);
  } finally {
    await file.close();
  }
}
