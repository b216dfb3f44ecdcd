/** A serial number keeps its sign wherever it is read, compared or written: −128 (`80`) is not 128 (`00 80`). */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodePem } from '../../src/eds/asn1/pem.js';
import { readDer } from '../../src/eds/asn1/reader.js';
import { readSerialNumber } from '../../src/eds/asn1/values.js';
import { element, serialNumber } from '../../src/eds/asn1/writer.js';
import { type Certificate, parseCertificate } from '../../src/eds/certificate/certificate.js';
import { findSignerCertificate } from '../../src/eds/cms/signer-certificate.js';
import { parseSignedData } from '../../src/eds/cms/signed-data.js';
import { indexCrl, judgeCrl } from '../../src/eds/crl/index.js';
import { EdsError } from '../../src/eds/error.js';
import { encodeOcspRequest, judgeOcspResponse } from '../../src/eds/ocsp/index.js';
import { type OpensslAuthority, startOpensslAuthority } from '../support/openssl-authority.js';
import { forgeList } from './crl/forge-list.js';
import { forgeResponse } from './ocsp/forge-response.js';

const AT = new Date('2026-06-01T12:00:00Z');

const read = (...octets: number[]): string =>
  readSerialNumber(readDer(element(0x02, Uint8Array.from(octets))));

describe('a serial number', () => {
  it.each([
    [[0x00], '00'],
    [[0x01], '01'],
    [[0x7f], '7f'],
    [[0x00, 0x80], '80'],
    [[0x80], '-80'],
    [[0xff], '-01'],
    [[0xff, 0x7f], '-81'],
    [[0xff, 0x00], '-0100'],
    [[0x80, 0x00], '-8000'],
    [[0x01, 0x00], '0100'],
  ])('of the octets %p is %s, and is written with the same octets again', (octets, serial) => {
    expect(read(...octets)).toBe(serial);
    expect([...serialNumber(serial)]).toEqual([0x02, octets.length, ...octets]);
  });

  it('is that of no other number', () => {
    const content = (number: bigint): Uint8Array => {
      const length = Math.max(1, Math.ceil((number.toString(2).length + 1) / 8));
      const hex = BigInt.asUintN(length * 8, number)
        .toString(16)
        .padStart(length * 2, '0');
      const octets = [...Buffer.from(hex, 'hex')];
      while (
        octets.length > 1 &&
        ((octets[0] === 0 && octets[1]! < 0x80) || (octets[0] === 0xff && octets[1]! >= 0x80))
      )
        octets.shift();
      return Uint8Array.from(octets);
    };
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 160n), max: 2n ** 160n }), (number) => {
        const serial = read(...content(number));
        const value = BigInt(`0x${serial.replace('-', '')}`);
        expect(serial.startsWith('-') ? -value : value).toBe(number);
        expect(serialNumber(serial)).toEqual(element(0x02, content(number)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('with an octet too many is none', () => {
    for (const octets of [[], [0, 0x7f], [0xff, 0x80]]) expect(() => read(...octets)).toThrow(EdsError);
  });
});

describe('certificates that differ by the sign of their serial number alone', () => {
  let folder: string;
  let authority: OpensslAuthority;
  let positive: Certificate;
  let negative: Certificate;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qaqpa-serial-'));
    authority = startOpensslAuthority('Authority');
    writeFileSync(join(folder, 'ca.crt'), pem(authority.certificate.der));
    writeFileSync(join(folder, 'ca.key'), authority.privateKeyPem);
    writeFileSync(join(folder, 'person.ext'), 'keyUsage = digitalSignature\n');
    run('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', 'person.key');
    positive = issue('positive', '128');
    negative = issue('negative', '-128');
  });
  afterAll(() => {
    authority.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const pem = (der: Uint8Array): string =>
    `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;
  const run = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  };
  function issue(name: string, serial: string): Certificate {
    run('req', '-new', '-key', 'person.key', '-subj', '/CN=Person', '-out', 'person.csr');
    run(
      ...['x509', '-req', '-in', 'person.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-days', '9000'],
      ...['-set_serial', serial, '-extfile', 'person.ext', '-out', `${name}.crt`],
    );
    const [block] = decodePem(readFileSync(join(folder, `${name}.crt`), 'utf8'));
    return parseCertificate(block!.der);
  }

  it('are read with different ones, as OpenSSL reads them', () => {
    expect(positive.serialNumber).toBe('80');
    expect(negative.serialNumber).toBe('-80');
    for (const certificate of [positive, negative]) {
      expect(certificate.serialNumber).toBe(new X509Certificate(certificate.der).serialNumber.toLowerCase());
    }
  });

  it('are not taken for each other in a list, in either direction', () => {
    for (const [listed, other] of [
      [positive, negative],
      [negative, positive],
    ] as const) {
      const crl = indexCrl(
        forgeList({
          issuer: authority,
          thisUpdate: new Date('2026-06-01T00:00:00Z'),
          nextUpdate: new Date('2026-06-02T00:00:00Z'),
          entries: [
            { serialNumber: '7f', revokedAt: AT, reason: 4 },
            { serialNumber: listed.serialNumber, revokedAt: AT, reason: 1 },
            { serialNumber: '-81', revokedAt: AT },
          ],
        }),
      );
      expect(crl.find(listed.serialNumber)).toEqual([{ revokedAt: AT, reason: 1 }]);
      expect(crl.find('-81')).toEqual([{ revokedAt: AT, reason: null }]);
      const statusOf = (certificate: Certificate): string =>
        judgeCrl(crl, null, certificate, authority.certificate, { clockSkewMs: 0 }, AT).status;
      expect([statusOf(listed), statusOf(other)]).toEqual(['revoked', 'good']);
    }
  });

  it('are asked about by OCSP with their sign, and an answer about one is none about the other', () => {
    for (const [asked, serial, other] of [
      [positive, '80', negative],
      [negative, '-80', positive],
    ] as const) {
      const text = authority.readRequest(encodeOcspRequest(asked, authority.certificate, null));
      expect(text).toMatch(new RegExp(`Serial Number: ${serial}$`, 'm'));
      const response = forgeResponse({
        certificate: asked,
        issuer: authority.certificate,
        signer: authority,
        certificates: [],
        at: AT,
        nonce: null,
      });
      const judged = (certificate: Certificate) =>
        judgeOcspResponse(
          response,
          { certificate, issuer: authority.certificate, nonce: null },
          { maxAgeMs: 60_000, clockSkewMs: 0 },
          AT,
        );
      expect(judged(asked)).toMatchObject({ status: 'good' });
      expect(judged(other)).toMatchObject({ code: 'OCSP_CERT_ID_MISMATCH' });
    }
  });

  it('are told apart by a CMS message that encloses both', () => {
    writeFileSync(join(folder, 'content'), 'content');
    for (const [signer, other] of [
      ['positive', 'negative'],
      ['negative', 'positive'],
    ] as const) {
      run(
        ...['cms', '-sign', '-binary', '-in', 'content', '-signer', `${signer}.crt`, '-inkey', 'person.key'],
        ...['-certfile', `${other}.crt`, '-outform', 'DER', '-out', 'message.der'],
      );
      const cms = parseSignedData(new Uint8Array(readFileSync(join(folder, 'message.der'))));
      expect(cms.certificates).toHaveLength(2);
      const expected = signer === 'positive' ? positive : negative;
      expect(findSignerCertificate(cms, cms.signers[0]!)).toMatchObject({
        ok: true,
        certificate: { sha256: expected.sha256 },
      });
    }
  });
});

describe('the serial number of an entry in a list', () => {
  const authorityOf = (): OpensslAuthority => startOpensslAuthority('Authority');

  it('may have twenty octets without its sign, and not more', () => {
    const authority = authorityOf();
    const listing = (serial: string): Uint8Array =>
      forgeList({
        issuer: authority,
        thisUpdate: AT,
        nextUpdate: AT,
        entries: [{ serialNumber: serial, revokedAt: AT }],
      });
    authority.close();
    for (const serial of ['ff'.repeat(20), `-${'ff'.repeat(20)}`, `-80${'00'.repeat(19)}`, '-01', '00']) {
      const crl = indexCrl(listing(serial));
      expect(crl.find(serial)).toHaveLength(1);
      expect(crl.find(serial.startsWith('-') ? serial.slice(1) : `-${serial}`)).toHaveLength(0);
    }
    for (const serial of [`01${'00'.repeat(20)}`, `-01${'00'.repeat(20)}`]) {
      expect(() => indexCrl(listing(serial))).toThrow(EdsError);
    }
  });
});
