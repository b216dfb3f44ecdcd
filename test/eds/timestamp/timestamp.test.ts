import { beforeAll, describe, expect, it } from '@jest/globals';
import { verifyEvidence } from '../../../src/eds/evidence/evidence.js';
import { verifyTimestamp, verifyTimestampAlone } from '../../../src/eds/timestamp/timestamp.js';
import { createTrustSet, type TrustSet } from '../../../src/eds/trust-set.js';
import { type SignatureReport } from '../../../src/eds/judgement/verdict.js';
import { verifyCms } from '../../../src/eds/cms/verify.js';
import {
  createLaboratory,
  encodeTimestampToken,
  type LabKey,
  type Laboratory,
  type TimestampOptions,
} from '../../../src/lab/index.js';
import { octetString, oid, sequence } from '../../../src/lab/der.js';
import { encodeTokenOverImprint } from '../../../src/lab/timestamp-token.js';
import { NOBODY_TO_ASK, OFFLINE_DOCUMENT, trusted } from '../support.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const MINUTE = 60_000;
const DOCUMENT = new TextEncoder().encode('Договор № 1');
const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * MINUTE);

let lab: Laboratory;
let trust: TrustSet;
let key: LabKey;

beforeAll(async () => {
  lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
  trust = createTrustSet(
    'lab',
    lab.trustCertificates().map(({ der, role }) => trusted(der, role)),
  );
  key = await lab.issue({ algorithm: 'gost2015-512', kind: 'individual' });
});

function token(options: TimestampOptions = {}, at = NOW, over = DOCUMENT): Uint8Array {
  return encodeTimestampToken(lab.hierarchy('gost2015-512').timestampAuthority, over, at, options);
}

const proves = (bytes: Uint8Array, at = NOW): string | null =>
  verifyTimestamp(bytes, DOCUMENT, { trust, at }).code;

async function stamped(timestamp: TimestampOptions & { at?: Date }): Promise<SignatureReport> {
  const cms = await lab.signCms(key, DOCUMENT, { timestamp });
  return (await verifyCms({ cms }, trust, NOBODY_TO_ASK, OFFLINE_DOCUMENT, NOW)).signatures[0]!;
}

describe('the time a time-stamp names', () => {
  it.each([
    [0, null],
    [-60, null],
    [5, null],
    [5 + 1 / 60, 'TIMESTAMP_FUTURE'],
    [60, 'TIMESTAMP_FUTURE'],
    [60 * 24 * 365, 'TIMESTAMP_FUTURE'],
  ])('%d minutes from now proves it or nothing', (minutes, code) => {
    expect(proves(token({}, later(minutes)))).toBe(code);
  });

  it('proves nothing under a clock that says nothing', () => {
    expect(proves(token(), new Date(Number.NaN))).toBe('TIMESTAMP_FUTURE');
  });

  it('in the future is told, and the signature judged now', async () => {
    expect(await stamped({ at: later(60) })).toMatchObject({
      indication: 'TOTAL_PASSED',
      bestSignatureTime: NOW.toISOString(),
      warnings: ['TIMESTAMP_FUTURE'],
      timestamps: [{ valid: false, code: 'TIMESTAMP_FUTURE', time: later(60).toISOString() }],
    });
  });

  it('does not prolong the life of a certificate', async () => {
    const short = await lab.issue({
      algorithm: 'gost2015-512',
      kind: 'individual',
      notBefore: later(30),
      notAfter: later(90),
    });
    const cms = await lab.signCms(short, DOCUMENT, { timestamp: { at: later(60) } });
    const report = await verifyCms({ cms }, trust, NOBODY_TO_ASK, OFFLINE_DOCUMENT, NOW);
    expect(report.code).toBe('CERTIFICATE_NOT_YET_VALID');
  });
});

describe('the imprint of a time-stamp', () => {
  it('with SHA-1 proves nothing', async () => {
    expect(proves(token({ imprint: 'sha1' }))).toBe('TIMESTAMP_ALGORITHM_FORBIDDEN');
    expect(await stamped({ imprint: 'sha1' })).toMatchObject({
      indication: 'TOTAL_PASSED',
      bestSignatureTime: NOW.toISOString(),
      warnings: ['TIMESTAMP_ALGORITHM_FORBIDDEN'],
      timestamps: [{ valid: false, code: 'TIMESTAMP_ALGORITHM_FORBIDDEN' }],
    });
  });

  it('with another digest than the authority’s own proves it', () => {
    expect(proves(token({ imprint: 'sha256' }))).toBeNull();
  });

  it('with an algorithm nobody here knows proves nothing', () => {
    const md5 = sequence(sequence(oid('1.2.840.113549.2.5')), octetString(new Uint8Array(16)));
    const { timestampAuthority } = lab.hierarchy('gost2015-512');
    const bytes = encodeTokenOverImprint(timestampAuthority, md5, NOW);
    expect(proves(bytes)).toBe('TIMESTAMP_ALGORITHM_FORBIDDEN');
    expect(verifyTimestampAlone(bytes, DOCUMENT, { trust, at: NOW }).code).toBe(
      'TIMESTAMP_ALGORITHM_FORBIDDEN',
    );
    expect(verifyTimestampAlone(bytes, null, { trust, at: NOW })).toMatchObject({
      code: null,
      warnings: ['TIMESTAMP_ALGORITHM_FORBIDDEN'],
    });
  });

  it('over something else is named before anything about its algorithm', () => {
    const other = new TextEncoder().encode('Договор № 2');
    expect(proves(token({ imprint: 'sha1' }, NOW, other))).toBe('TIMESTAMP_IMPRINT_MISMATCH');
  });

  it('is mentioned where the token is looked at on its own', async () => {
    const weak = token({ imprint: 'sha1' });
    const warnings = ['TIMESTAMP_ALGORITHM_FORBIDDEN'];
    for (const content of [null, DOCUMENT]) {
      expect(verifyTimestampAlone(weak, content, { trust, at: NOW })).toMatchObject({ code: null, warnings });
    }
    const report = await verifyEvidence({ input: weak }, trust, NOBODY_TO_ASK, OFFLINE_DOCUMENT, NOW);
    expect(report.signatures[0]).toMatchObject({ indication: 'TOTAL_PASSED', warnings });
  });
});

describe('a bad time-stamp on a good signature', () => {
  it.each([
    [{ imprint: 'wrong' }, 'TIMESTAMP_IMPRINT_MISMATCH'],
    [{ spoilSignature: true }, 'TIMESTAMP_INVALID'],
    [{ certificates: 'none' }, 'TIMESTAMP_INVALID'],
    [{ signingCertificate: false }, 'TIMESTAMP_INVALID'],
    [{ signingCertificate: 'wrong' }, 'TIMESTAMP_INVALID'],
  ] as const)('is invalid with its code, and the signature is judged now: %j', async (options, code) => {
    expect(await stamped(options)).toMatchObject({
      indication: 'TOTAL_PASSED',
      bestSignatureTime: NOW.toISOString(),
      warnings: [code],
      timestamps: [{ valid: false, code }],
    });
  });

  it('of an authority nobody here knows is untrusted', async () => {
    const strangers = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
    const signer = strangers.hierarchy('gost2015-512').timestampAuthority;
    expect(await stamped({ signer })).toMatchObject({
      indication: 'TOTAL_PASSED',
      warnings: ['TIMESTAMP_UNTRUSTED'],
    });
  });

  it('cut at any octet is malformed or invalid, never an error', () => {
    const whole = token();
    for (let length = 0; length < whole.length; length += 1) {
      expect(proves(whole.subarray(0, length))).toBe('TIMESTAMP_MALFORMED');
    }
  });
});

describe('a token on its own', () => {
  const verdictOn = async (input: Uint8Array): Promise<unknown[]> => {
    const { indication, subIndication, code } = await verifyEvidence(
      { input },
      trust,
      NOBODY_TO_ASK,
      OFFLINE_DOCUMENT,
      NOW,
    );
    return [indication, subIndication, code];
  };

  it('passes', async () => {
    expect(await verdictOn(token())).toEqual(['TOTAL_PASSED', null, null]);
  });

  it('from the future is not proved, and not broken', async () => {
    expect(await verdictOn(token({}, later(60)))).toEqual([
      'INDETERMINATE',
      'SIG_CONSTRAINTS_FAILURE',
      'TIMESTAMP_FUTURE',
    ]);
  });

  it('that is spoilt is broken', async () => {
    expect(await verdictOn(token({ spoilSignature: true }))).toEqual([
      'TOTAL_FAILED',
      'SIG_CRYPTO_FAILURE',
      'TIMESTAMP_INVALID',
    ]);
  });
});
