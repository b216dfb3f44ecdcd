import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSelfSigned } from '../eds/path/self-signed.js';
import {
  createTrustSet,
  type TrustedCertificate,
  type TrustPurpose,
  type TrustSet,
} from '../eds/trust-set.js';
import { readCertificateFile } from './certificate-file.js';
import { trustError } from './error.js';

const EVERY_PURPOSE: readonly TrustPurpose[] = ['login', 'document', 'timestamp', 'ocsp'];
const CERTIFICATE_FILE = /\.(?:pem|cer|crt|der)$/i;

/**
 * A trust set out of plain files, as the command line names them: in a folder self-signed certificates are anchors and others
 * trusted intermediates; a certificate of `anchors` is an anchor whoever signed it. All may vouch for everything. Only for
 * looking at signatures by hand: the gateway itself trusts nothing but a manifest.
 *
 * @param directories folders whose `.pem`, `.cer`, `.crt` and `.der` files are read, not deeper
 * @param anchors files of single certificates
 * @param base a set to which they are added; `null` to trust nothing else
 * @throws TrustError when a file cannot be read, a folder holds no certificate, or there is no anchor at all
 */
export async function loadTrustFiles(
  directories: readonly string[],
  anchors: readonly string[],
  base: TrustSet | null,
): Promise<TrustSet> {
  const found = new Map<string, TrustedCertificate>(
    base?.entries.map((entry) => [entry.certificate.sha256, entry]),
  );
  for (const directory of directories) {
    const files = (await listFiles(directory)).filter((name) => CERTIFICATE_FILE.test(name)).sort();
    if (files.length === 0) {
      throw trustError('TRUST_EMPTY', null, `${directory} holds no .pem, .cer, .crt or .der file`);
    }
    for (const file of files) {
      for (const entry of await readEntries(join(directory, file)))
        found.set(entry.certificate.sha256, entry);
    }
  }
  for (const file of anchors) {
    for (const entry of await readEntries(file)) {
      found.set(entry.certificate.sha256, { ...entry, role: 'anchor' });
    }
  }
  const entries = [...found.values()];
  if (!entries.some(({ role }) => role === 'anchor')) {
    throw trustError(
      'TRUST_EMPTY',
      null,
      'none of the given certificates is self-signed; name one with --anchor',
    );
  }
  const content = entries.map(({ certificate, role }) => `${certificate.sha256} ${role}`).sort();
  const version = `${base === null ? '' : `${base.version}+`}files+${createHash('sha256').update(content.join('\n')).digest('hex').slice(0, 12)}`;
  return createTrustSet(version, entries);
}

async function listFiles(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    throw trustError('FILE_UNREADABLE', null, `${directory} is not a folder that can be read`, cause);
  }
}

async function readEntries(path: string): Promise<readonly TrustedCertificate[]> {
  try {
    return (await readCertificateFile(path)).map((certificate) => ({
      certificate,
      role: isSelfSigned(certificate) ? 'anchor' : 'intermediate',
      purposes: EVERY_PURPOSE,
      window: { from: null, until: null },
    }));
  } catch (cause) {
    throw trustError('FILE_UNREADABLE', null, `${path} cannot be read as a certificate`, cause);
  }
}
