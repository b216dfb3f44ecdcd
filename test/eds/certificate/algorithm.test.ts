/** NULL and absent parameters are the same algorithm, wherever one identifier is held against another. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifySignatureValue } from '../../../src/eds/algorithms/signature.js';
import { fieldsOf } from '../../../src/eds/asn1/fields.js';
import { readDer } from '../../../src/eds/asn1/reader.js';
import { integer, nullValue, oid, sequence } from '../../../src/eds/asn1/writer.js';
import { parseCertificate } from '../../../src/eds/certificate/certificate.js';
import { readAlgorithm, sameAlgorithm } from '../../../src/eds/certificate/public-key.js';
import { EdsError } from '../../../src/eds/error.js';
import { type OpensslAuthority, startOpensslAuthority } from '../../support/openssl-authority.js';

const RSA_SHA256 = '1.2.840.113549.1.1.11';
const RSA_SHA384 = '1.2.840.113549.1.1.12';

let authority: OpensslAuthority;

beforeAll(() => {
  authority = startOpensslAuthority('Authority');
});
afterAll(() => {
  authority.close();
});

describe('two algorithm identifiers', () => {
  const identifier = (id: string, ...parameters: readonly Uint8Array[]) =>
    readAlgorithm(readDer(sequence(oid(id), ...parameters)));
  const three = sequence(integer(3));

  it.each([
    ['both absent', identifier(RSA_SHA256), identifier(RSA_SHA256), true],
    ['both NULL', identifier(RSA_SHA256, nullValue()), identifier(RSA_SHA256, nullValue()), true],
    ['absent and NULL', identifier(RSA_SHA256), identifier(RSA_SHA256, nullValue()), true],
    ['the same parameters', identifier(RSA_SHA256, three), identifier(RSA_SHA256, three), true],
    ['absent and some', identifier(RSA_SHA256), identifier(RSA_SHA256, three), false],
    ['NULL and some', identifier(RSA_SHA256, nullValue()), identifier(RSA_SHA256, three), false],
    ['other parameters', identifier(RSA_SHA256, integer(3)), identifier(RSA_SHA256, three), false],
    [
      'NULL and an empty sequence',
      identifier(RSA_SHA256, nullValue()),
      identifier(RSA_SHA256, sequence()),
      false,
    ],
    ['another algorithm', identifier(RSA_SHA256), identifier(RSA_SHA384), false],
    ['another algorithm, one NULL', identifier(RSA_SHA256), identifier(RSA_SHA384, nullValue()), false],
  ])('with parameters %s', (_name, a, b, expected) => {
    expect(sameAlgorithm(a, b)).toBe(expected);
    expect(sameAlgorithm(b, a)).toBe(expected);
  });
});

describe('a certificate', () => {
  const withOuter = (algorithm: Uint8Array): Uint8Array => {
    const fields = fieldsOf(readDer(authority.certificate.der));
    const tbs = fields.any().bytes;
    fields.any();
    return sequence(tbs, algorithm, fields.any().bytes);
  };

  it('with NULL inside and no parameters outside is read, and its signature holds', () => {
    const certificate = parseCertificate(withOuter(sequence(oid(RSA_SHA256))));
    const { publicKey, signatureAlgorithm, tbs, signature } = certificate;
    expect(verifySignatureValue(publicKey, signatureAlgorithm, tbs, signature).ok).toBe(true);
  });

  it.each([
    ['another algorithm outside', sequence(oid(RSA_SHA384))],
    ['other parameters outside', sequence(oid(RSA_SHA256), integer(0))],
  ])('with %s is refused', (_name, outer) => {
    expect(() => parseCertificate(withOuter(outer))).toThrow(EdsError);
  });
});
