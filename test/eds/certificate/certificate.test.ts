import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodePem } from '../../../src/eds/asn1/pem.js';
import { type Certificate, parseCertificate } from '../../../src/eds/certificate/certificate.js';
import { EdsError } from '../../../src/eds/error.js';
import { sharedMaterialPresent, sharedPath } from '../../support/shared-material.js';

function caFiles(): { name: string; pem: string }[] {
  return ['certs/ship', 'certs/pinned'].flatMap((folder) =>
    readdirSync(sharedPath(folder)).map((name) => ({
      name,
      pem: readFileSync(join(sharedPath(folder), name), 'utf8'),
    })),
  );
}

function read(pem: string): Certificate {
  return parseCertificate(decodePem(pem)[0]!.der);
}

(sharedMaterialPresent() ? describe : describe.skip)('the CA certificates of НУЦ РК', () => {
  it('are read with the same fields as OpenSSL reads', () => {
    for (const { pem } of caFiles()) {
      const ours = read(pem);
      const theirs = new X509Certificate(pem);
      expect(ours.sha256).toBe(theirs.fingerprint256.replaceAll(':', '').toLowerCase());
      expect(ours.serialNumber).toBe(theirs.serialNumber.toLowerCase());
      expect(ours.notBefore.getTime()).toBe(Date.parse(theirs.validFrom));
      expect(ours.notAfter.getTime()).toBe(Date.parse(theirs.validTo));
      expect(ours.basicConstraints?.ca).toBe(theirs.ca);
      const lines = theirs.subject.split('\n');
      expect(ours.subject.attributes.map(({ value }) => value)).toEqual(
        lines.map((line) => line.slice(line.indexOf('=') + 1).replace(/\\(.)/g, '$1')),
      );
      expect(ours.keyUsage?.has('keyCertSign')).toBe(true);
    }
  });

  it('are refused when cut at any octet', () => {
    const { der } = decodePem(caFiles()[0]!.pem)[0]!;
    for (let length = 0; length < der.length; length += 1) {
      expect(() => parseCertificate(der.subarray(0, length))).toThrow(EdsError);
    }
  });

  it('never surprise the reader, whichever octet is changed', () => {
    const { der } = decodePem(caFiles()[0]!.pem)[0]!;
    for (let index = 0; index < der.length; index += 1) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const changed = der.slice();
        changed[index]! ^= mask;
        try {
          expect(parseCertificate(changed).sha256).not.toBe('');
        } catch (error) {
          expect(error).toBeInstanceOf(EdsError);
        }
      }
    }
  });
});
