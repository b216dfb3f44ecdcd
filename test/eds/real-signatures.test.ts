import { describe, expect, it } from '@jest/globals';
import { createTrustSet, EdsError, verifyEvidence } from '../../src/eds/index.js';
import { verifyTimestampAlone } from '../../src/eds/timestamp/timestamp.js';
import { readTimestampResponse } from '../../src/eds/timestamp/token.js';
import { type SignatureReport, type VerificationReport } from '../../src/eds/judgement/verdict.js';
import { sharedBytes, sharedMaterialPresent } from '../support/shared-material.js';
import { NOBODY_TO_ASK, nucTrust, OFFLINE_DOCUMENT } from './support.js';

const TEST_PKI = ['root_test_gost_2022', 'nca_gost2022_test'];
const TODAY = '2026-11-23T00:00:00Z';

async function verify(
  name: string,
  at: string,
  options: { content?: Uint8Array; trust?: readonly string[] } = {},
): Promise<VerificationReport> {
  const input = sharedBytes(`vectors/${name}`);
  const evidence = options.content === undefined ? { input } : { input, content: options.content };
  return verifyEvidence(evidence, nucTrust(options.trust), NOBODY_TO_ASK, OFFLINE_DOCUMENT, new Date(at));
}

function verdictOf({ indication, subIndication, code }: VerificationReport | SignatureReport): unknown[] {
  return [indication, subIndication, code];
}

function stepsOf(report: VerificationReport): Record<string, string> {
  return Object.fromEntries(report.signatures[0]!.steps.map(({ name, result }) => [name, result]));
}

const PASSED = ['TOTAL_PASSED', null, null];

(sharedMaterialPresent() ? describe : describe.skip)('real signatures of НУЦ РК', () => {
  it('GOST R 34.10-2015, attached, with the production time-stamp: passes, dated by the time-stamp', async () => {
    const report = await verify('cms-gost2015-attached-t.der', TODAY);
    expect(verdictOf(report)).toEqual(PASSED);
    expect(report.signatures[0]).toMatchObject({
      format: 'CAdES-T',
      algorithm: { key: 'GOST R 34.10-2015-512', signatureOid: '1.2.398.3.10.1.1.2.3.2' },
      claimedSigningTime: '2026-07-20T09:08:06.000Z',
      bestSignatureTime: '2026-07-20T09:08:07.000Z',
      contentVerified: true,
      signer: { kind: 'individual', name: 'ТЕСТОВ ТЕСТ ТЕСТОВИЧ', iin: '123456789011', bin: null },
      timestamps: [{ valid: true, time: '2026-07-20T09:08:07.000Z', code: null }],
      warnings: ['IDENTITY_IIN_CHECKSUM'],
    });
    expect(report.signatures[0]?.path).toHaveLength(3);
  });

  it('the same long after the certificate has expired: still passes, because the time-stamp proves when', async () => {
    expect(verdictOf(await verify('cms-gost2015-attached-t.der', '2027-06-01T00:00:00Z'))).toEqual(PASSED);
  });

  it('the same without the production CAs: the time-stamp proves nothing and harms nothing', async () => {
    const report = await verify('cms-gost2015-attached-t.der', TODAY, { trust: TEST_PKI });
    expect(verdictOf(report)).toEqual(PASSED);
    expect(stepsOf(report)).toMatchObject({ signature: 'passed', path: 'passed', timestamp: 'not-run' });
    expect(report.signatures[0]).toMatchObject({
      bestSignatureTime: new Date(TODAY).toISOString(),
      timestamps: [{ valid: false, time: '2026-07-20T09:08:07.000Z', code: 'TIMESTAMP_UNTRUSTED' }],
      warnings: expect.arrayContaining(['TIMESTAMP_UNTRUSTED']),
    });
  });

  it('the same with only the production CAs: a stranger, whose signature is never computed', async () => {
    const report = await verify('cms-gost2015-attached-t.der', TODAY, {
      trust: ['root_gost_2022', 'nca_gost_2022'],
    });
    expect(verdictOf(report)).toEqual(['INDETERMINATE', 'NO_CERTIFICATE_CHAIN_FOUND', 'PATH_UNTRUSTED']);
    expect(stepsOf(report)).toMatchObject({ path: 'indeterminate', signature: 'not-run' });
    expect(report.signatures[0]?.signer).toBeNull();
  });

  it('detached: passes over its document and over nothing else', async () => {
    const name = 'cms-gost2015-detached-t.der';
    const content = sharedBytes('vectors/cms-gost2015-document.txt');
    expect(verdictOf(await verify(name, TODAY, { content }))).toEqual(PASSED);
    for (const other of [new Uint8Array(0), content.subarray(1), Uint8Array.of(...content, 0x0a)]) {
      const report = await verify(name, TODAY, { content: other });
      expect(verdictOf(report)).toEqual(['TOTAL_FAILED', 'HASH_FAILURE', 'SIGNATURE_CONTENT_MISMATCH']);
    }
    const report = await verify(name, TODAY);
    expect(verdictOf(report)).toEqual([
      'INDETERMINATE',
      'SIGNED_DATA_NOT_FOUND',
      'SIGNATURE_CONTENT_MISSING',
    ]);
  });

  it('attached, with other content given beside it: the two contradict each other', async () => {
    const content = new TextEncoder().encode('something else');
    const report = await verify('cms-gost2015-attached-t.der', TODAY, { content });
    expect(verdictOf(report)).toEqual(['TOTAL_FAILED', 'HASH_FAILURE', 'SIGNATURE_CONTENT_MISMATCH']);
  });

  it('RSA without a time-stamp: passes while the certificate is valid, is without proof afterwards, fails before', async () => {
    const name = 'cms-rsa-attached.der';
    expect(verdictOf(await verify(name, '2021-06-01T00:00:00Z'))).toEqual(PASSED);
    const afterwards = await verify(name, '2022-10-01T00:00:00Z');
    expect(verdictOf(afterwards)).toEqual(['INDETERMINATE', 'OUT_OF_BOUNDS_NO_POE', 'CERTIFICATE_EXPIRED']);
    expect(stepsOf(afterwards)).toMatchObject({ signature: 'passed', path: 'indeterminate' });
    const today = await verify(name, TODAY);
    expect(verdictOf(today)).toEqual(['INDETERMINATE', 'OUT_OF_BOUNDS_NO_POE', 'CERTIFICATE_EXPIRED']);
    const before = await verify(name, '2020-01-01T00:00:00Z');
    expect(verdictOf(before)).toEqual(['TOTAL_FAILED', 'NOT_YET_VALID', 'CERTIFICATE_NOT_YET_VALID']);
  });

  it('GOST 34.310-2004 with the key OID as signature OID: passes by its time-stamp of 2018', async () => {
    const report = await verify('cms-gost2004-t.pem', TODAY);
    expect(verdictOf(report)).toEqual(PASSED);
    expect(report.signatures[0]).toMatchObject({
      algorithm: { key: 'GOST 34.310-2004', signatureOid: '1.2.398.3.10.1.1.1.1' },
      bestSignatureTime: '2018-12-21T09:25:04.000Z',
      signer: { kind: 'employee', bin: '123456789021', roles: ['organisation', 'hr'] },
    });
  });
});

(sharedMaterialPresent() ? describe : describe.skip)('other real evidence of НУЦ РК', () => {
  it('a time-stamp response: valid alone, over the octets it was made for and not over another, and never a signature', async () => {
    const name = 'tsp-gost2004-response.der';
    const alone = await verify(name, TODAY);
    expect(verdictOf(alone)).toEqual(PASSED);
    expect(alone).toMatchObject({
      kind: 'timestamp',
      signatures: [{ format: 'RFC3161', signer: null, contentVerified: false }],
    });
    // What INDEX.tsv calls the text CAFEBABE are these four octets.
    const stamped = Uint8Array.of(0xca, 0xfe, 0xba, 0xbe);
    const token = readTimestampResponse(sharedBytes(`vectors/${name}`))!;
    const other = new TextEncoder().encode('CAFEBABE');
    const grounds = { trust: nucTrust(), at: new Date(TODAY) };
    expect(verifyTimestampAlone(token, stamped, grounds).code).toBeNull();
    expect(verifyTimestampAlone(token, other, grounds).code).toBe('TIMESTAMP_IMPRINT_MISMATCH');
    const claimed = await verify(name, TODAY, { content: stamped });
    expect(verdictOf(claimed)).toEqual(['TOTAL_FAILED', 'FORMAT_FAILURE', 'FORMAT_NOT_A_SIGNATURE']);
  });

  it.each([
    ['ocsp-rsa-good.der', 'OCSP', 1],
    ['ocsp-gost2015-revoked.der', 'OCSP', 2],
    ['crl-gost2015.crl', 'CRL', 2],
  ])(
    '%s: signed by a CA of ours, and by nobody once an octet of it changes',
    async (name, format, length) => {
      const at = '2022-09-03T00:00:00Z';
      const report = await verify(name, at);
      expect(verdictOf(report)).toEqual(PASSED);
      expect(report.signatures[0]?.format).toBe(format);
      expect(report.signatures[0]?.path).toHaveLength(length);
      const input = sharedBytes(`vectors/${name}`);
      for (let index = 0; index < input.length; index += 37) {
        const changed = input.slice();
        changed[index]! ^= 0x10;
        expect(await indicationOf(changed, at)).not.toBe('TOTAL_PASSED');
      }
      const stranger = await verify(name, at, { trust: ['root_gost_2022', 'nca_gost_2022'] });
      expect(stranger.indication).toBe('INDETERMINATE');
    },
  );

  it.each(['ocsp-rsa-good.der', 'ocsp-gost2015-revoked.der', 'crl-gost2015.crl'])(
    '%s: signed by a CA that has been retired',
    async (name) => {
      const at = new Date('2022-09-03T00:00:00Z');
      const { version, entries } = nucTrust();
      const retired = createTrustSet(
        version,
        entries.map((entry) =>
          entry.certificate.subject.attributes.some(({ value }) => value.includes('TEST'))
            ? { ...entry, window: { from: null, until: at } }
            : entry,
        ),
      );
      const input = sharedBytes(`vectors/${name}`);
      const report = await verifyEvidence({ input }, retired, NOBODY_TO_ASK, OFFLINE_DOCUMENT, at);
      expect(report.indication).toBe('INDETERMINATE');
    },
  );

  it.each(['certs/ship/nca_gost_2022.pem', 'certs/ship/root_gost_2022.pem', 'certs/pinned/ucgo_gost.pem'])(
    '%s: a CA with a path to its root',
    async (path) => {
      const input = sharedBytes(path);
      const report = await verifyEvidence(
        { input },
        nucTrust(),
        NOBODY_TO_ASK,
        OFFLINE_DOCUMENT,
        new Date(TODAY),
      );
      expect(verdictOf(report)).toEqual(PASSED);
      expect(report.signatures[0]?.format).toBe('X.509');
    },
  );
});

/** The indication, or `unreadable` where the input is refused as being nothing at all. */
async function indicationOf(input: Uint8Array, at: string): Promise<string> {
  try {
    const report = await verifyEvidence({ input }, nucTrust(), NOBODY_TO_ASK, OFFLINE_DOCUMENT, new Date(at));
    return report.indication;
  } catch (error) {
    expect(error).toBeInstanceOf(EdsError);
    return 'unreadable';
  }
}
