import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { chooseScheme } from '../../../src/eds/algorithms/scheme.js';
import { verifySignatureValue } from '../../../src/eds/algorithms/signature.js';
import { decodePem } from '../../../src/eds/asn1/pem.js';
import { readDer } from '../../../src/eds/asn1/reader.js';
import { explicit, integer, nullValue, oid, sequence } from '../../../src/eds/asn1/writer.js';
import { type Certificate, parseCertificate } from '../../../src/eds/certificate/certificate.js';
import { sameName } from '../../../src/eds/certificate/name.js';
import { readPublicKey, type SubjectPublicKeyInfo } from '../../../src/eds/certificate/public-key.js';
import { DIGEST, KEY, MGF1, SIGNATURE } from '../../../src/eds/oid.js';
import { sharedMaterialPresent, sharedPath } from '../../support/shared-material.js';

const DATA = new TextEncoder().encode('what was signed');
const NULL = nullValue();

function spki(key: KeyObject): SubjectPublicKeyInfo {
  return readPublicKey(readDer(new Uint8Array(key.export({ format: 'der', type: 'spki' }))));
}

function pss(digest: string, maskDigest: string, saltLength: number): Uint8Array {
  return sequence(
    explicit(0, sequence(oid(digest), NULL)),
    explicit(1, sequence(oid(MGF1), sequence(oid(maskDigest), NULL))),
    explicit(2, integer(saltLength)),
  );
}

describe('an RSA signature', () => {
  let privateKey: KeyObject;
  let publicKey: SubjectPublicKeyInfo;
  beforeAll(() => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    privateKey = pair.privateKey;
    publicKey = spki(pair.publicKey);
  });

  it.each([
    ['sha256', SIGNATURE.sha256WithRsa],
    ['sha384', SIGNATURE.sha384WithRsa],
    ['sha512', SIGNATURE.sha512WithRsa],
  ])('is good with %s, with and without the NULL parameters', (digest, signatureOid) => {
    const signature = sign(digest, DATA, privateKey);
    for (const parameters of [null, NULL]) {
      expect(verifySignatureValue(publicKey, { oid: signatureOid, parameters }, DATA, signature)).toEqual({
        ok: true,
      });
    }
  });

  it('is not good over other octets, with a changed octet, or cut', () => {
    const algorithm = { oid: SIGNATURE.sha256WithRsa, parameters: NULL };
    const signature = sign('sha256', DATA, privateKey);
    const changed = signature.map((octet, index) => (index === 100 ? octet ^ 1 : octet));
    const invalid = { ok: false, code: 'SIGNATURE_INVALID' };
    expect(verifySignatureValue(publicKey, algorithm, DATA.subarray(1), signature)).toEqual(invalid);
    expect(verifySignatureValue(publicKey, algorithm, DATA, changed)).toEqual(invalid);
    expect(verifySignatureValue(publicKey, algorithm, DATA, signature.subarray(1))).toEqual(invalid);
    expect(verifySignatureValue(publicKey, algorithm, DATA, new Uint8Array(0))).toEqual(invalid);
  });

  it('is forbidden with SHA-1, with MD5 and with any parameters PKCS#1 v1.5 does not have', () => {
    const signature = sign('sha1', DATA, privateKey);
    const forbidden = { ok: false, code: 'SIGNATURE_ALGORITHM_FORBIDDEN' };
    const md5WithRsa = '1.2.840.113549.1.1.4';
    for (const algorithm of [
      { oid: SIGNATURE.sha1WithRsa, parameters: NULL },
      { oid: md5WithRsa, parameters: NULL },
      { oid: SIGNATURE.sha256WithRsa, parameters: integer(1) },
      { oid: KEY.rsa, parameters: NULL },
    ]) {
      expect(verifySignatureValue(publicKey, algorithm, DATA, signature)).toEqual(forbidden);
    }
    expect(
      chooseScheme(publicKey, { oid: KEY.rsa, parameters: NULL }, { oid: DIGEST.sha1, parameters: NULL }),
    ).toEqual(forbidden);
  });

  it('is good in PSS form where digest, mask digest and salt are all strong', () => {
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    for (const saltLength of [32, 100]) {
      const signature = sign('sha256', DATA, { key: privateKey, padding, saltLength });
      const algorithm = { oid: SIGNATURE.rsaPss, parameters: pss(DIGEST.sha256, DIGEST.sha256, saltLength) };
      expect(verifySignatureValue(publicKey, algorithm, DATA, signature)).toEqual({ ok: true });
    }
  });

  it('is forbidden in PSS form with defaults, SHA-1, two digests, a short salt or an endless one', () => {
    for (const parameters of [
      null,
      NULL,
      sequence(),
      pss(DIGEST.sha1, DIGEST.sha1, 20),
      pss(DIGEST.sha256, DIGEST.sha1, 32),
      pss(DIGEST.sha256, DIGEST.sha512, 32),
      pss(DIGEST.sha256, DIGEST.sha256, 0),
      pss(DIGEST.sha256, DIGEST.sha256, 100_000),
      pss(DIGEST.streebog256, DIGEST.streebog256, 32),
    ]) {
      expect(verifySignatureValue(publicKey, { oid: SIGNATURE.rsaPss, parameters }, DATA, DATA)).toEqual({
        ok: false,
        code: 'SIGNATURE_ALGORITHM_FORBIDDEN',
      });
    }
  });

  it('is a mismatch where the fields speak of different things', () => {
    const sha256 = { oid: DIGEST.sha256, parameters: NULL };
    const mismatch = { ok: false, code: 'SIGNATURE_ALGORITHM_MISMATCH' };
    for (const [signatureOid, digestOid] of [
      [SIGNATURE.sha512WithRsa, DIGEST.sha256],
      [SIGNATURE.gost2015Of512, DIGEST.streebog512],
      [KEY.gost2004, DIGEST.gost34311],
      [KEY.rsa, DIGEST.streebog512],
    ] as const) {
      const choice = chooseScheme(
        publicKey,
        { oid: signatureOid, parameters: NULL },
        { ...sha256, oid: digestOid },
      );
      expect(choice).toEqual(mismatch);
    }
  });

  it('is forbidden from a key shorter than 2048 bits and from other kinds of key', () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const { publicKey: key } of [weak, curve]) {
      expect(
        verifySignatureValue(spki(key), { oid: SIGNATURE.sha256WithRsa, parameters: NULL }, DATA, DATA),
      ).toEqual({ ok: false, code: 'SIGNATURE_ALGORITHM_FORBIDDEN' });
    }
  });
});

(sharedMaterialPresent() ? describe : describe.skip)('the CA certificates of НУЦ РК', () => {
  const certificates: Certificate[] = [];
  beforeAll(() => {
    for (const folder of ['certs/ship', 'certs/pinned']) {
      for (const name of readdirSync(sharedPath(folder))) {
        certificates.push(parseCertificate(decodePem(readFileSync(join(sharedPath(folder), name)))[0]!.der));
      }
    }
  });

  it('are signed by the CA they name, RSA and both GOSTs alike', () => {
    let links = 0;
    for (const certificate of certificates) {
      for (const issuer of certificates.filter(({ subject }) => sameName(subject, certificate.issuer))) {
        const { signatureAlgorithm, tbs, signature } = certificate;
        expect(verifySignatureValue(issuer.publicKey, signatureAlgorithm, tbs, signature)).toEqual({
          ok: true,
        });
        const changed = signature.map((octet, index) => (index === 20 ? octet ^ 4 : octet));
        expect(verifySignatureValue(issuer.publicKey, signatureAlgorithm, tbs, changed)).toEqual({
          ok: false,
          code: 'SIGNATURE_INVALID',
        });
        links += 1;
      }
    }
    // Every one of the fifteen but the two old test CAs, whose root was never published.
    expect(links).toBe(13);
  });

  it('are refused as GOST keys when a parameter names another curve or digest', () => {
    const gost = certificates.find(({ publicKey }) => publicKey.algorithm.oid === KEY.gost2015Of512)!;
    const { publicKey, signatureAlgorithm } = gost;
    for (const parameters of [null, NULL, sequence(), sequence(oid(KEY.gost2004), oid(DIGEST.streebog512))]) {
      const odd = { ...publicKey, algorithm: { oid: publicKey.algorithm.oid, parameters } };
      expect(verifySignatureValue(odd, signatureAlgorithm, gost.tbs, gost.signature)).toEqual({
        ok: false,
        code: 'SIGNATURE_ALGORITHM_FORBIDDEN',
      });
    }
  });
});
