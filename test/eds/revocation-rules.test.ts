/** What an answer about a certificate means for a signature, given what is proved about when it was made. */
import { describe, expect, it } from '@jest/globals';
import { type Certificate } from '../../src/eds/certificate/certificate.js';
import { type RevocationFinding } from '../../src/eds/judgement/revocation.js';
import {
  judgeRevocation,
  type SigningTimes,
  wasNeverRevoked,
} from '../../src/eds/judgement/revocation-rules.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const DAY = 86_400_000;
const days = (count: number): Date => new Date(NOW.getTime() + count * DAY);

const certificate = (sha256: string): Certificate => ({ sha256, notAfter: days(-10) }) as Certificate;
const [LEAF, ISSUING, ROOT] = [certificate('leaf'), certificate('issuing'), certificate('root')];
const SPOKEN = { source: 'crl', producedAt: NOW, asOf: NOW } as const;
const GOOD: RevocationFinding = { ...SPOKEN, status: 'good' };

const UNPROVED: SigningTimes = {
  noLaterThan: NOW,
  noEarlierThan: days(-100),
  revocationAfterwards: 'decides',
};
/** A time-stamp of five days ago. */
const PROVED: SigningTimes = {
  noLaterThan: days(-5),
  noEarlierThan: days(-100),
  revocationAfterwards: 'harmless',
};

const verdict = (
  times: SigningTimes,
  ofLeaf: RevocationFinding,
  ofIssuing: RevocationFinding = GOOD,
): string => {
  const evidence = [
    { certificate: LEAF, finding: ofLeaf },
    { certificate: ISSUING, finding: ofIssuing },
  ];
  const found = judgeRevocation([LEAF, ISSUING, ROOT], evidence, times);
  return found === null ? 'nothing' : `${found.indication} ${found.subIndication} ${found.code}`;
};

const at = (status: 'revoked' | 'on-hold', revokedAt: Date): RevocationFinding => ({
  ...SPOKEN,
  status,
  revokedAt,
});

describe('a revocation', () => {
  it.each([
    ['long ago', days(-50)],
    ['a moment ago', new Date(NOW.getTime() - 1)],
    ['now', NOW],
    ['dated a moment after now', new Date(NOW.getTime() + 1)],
    ['dated years ahead', days(1_000)],
  ])('%s decides where nothing proves that the signature is older', (_when, revokedAt) => {
    expect(verdict(UNPROVED, at('revoked', revokedAt))).toBe(
      'INDETERMINATE REVOKED_NO_POE CERTIFICATE_REVOKED',
    );
  });

  it('before the signature can have been made makes it fail, proof or not', () => {
    for (const times of [UNPROVED, PROVED]) {
      expect(verdict(times, at('revoked', days(-100)))).toBe('TOTAL_FAILED REVOKED CERTIFICATE_REVOKED');
    }
  });

  it('is harmless only after a time that is proved', () => {
    expect(verdict(PROVED, at('revoked', days(-6)))).toBe('INDETERMINATE REVOKED_NO_POE CERTIFICATE_REVOKED');
    expect(verdict(PROVED, at('revoked', days(-5)))).toBe('INDETERMINATE REVOKED_NO_POE CERTIFICATE_REVOKED');
    expect(verdict(PROVED, at('revoked', days(-4)))).toBe('nothing');
    expect(verdict(PROVED, at('revoked', days(4)))).toBe('nothing');
  });
});

describe('a hold', () => {
  const LATER = 'INDETERMINATE TRY_LATER CERTIFICATE_ON_HOLD';

  it('is "try later", whenever it began, and never a failure', () => {
    for (const began of [days(-200), days(-100), days(-1), NOW, days(1)]) {
      expect(verdict(UNPROVED, at('on-hold', began))).toBe(LATER);
    }
    expect(verdict(PROVED, at('on-hold', days(-6)))).toBe(LATER);
  });

  it('does not touch what is proved to be older', () => {
    expect(verdict(PROVED, at('on-hold', days(-4)))).toBe('nothing');
  });

  it('of an authority is "try later" as well, where its revocation casts doubt on the time', () => {
    expect(verdict(UNPROVED, GOOD, at('on-hold', days(-1)))).toBe(LATER);
    expect(verdict(UNPROVED, GOOD, at('revoked', days(1)))).toBe(
      'INDETERMINATE REVOKED_CA_NO_POE CERTIFICATE_REVOKED',
    );
  });
});

describe('an expired certificate', () => {
  const known = (finding: RevocationFinding): boolean =>
    wasNeverRevoked(LEAF, [{ certificate: LEAF, finding }]);

  it('is known not to be revoked where that is said as of its end or later', () => {
    expect(known({ ...SPOKEN, status: 'good', asOf: LEAF.notAfter })).toBe(true);
    expect(known(GOOD)).toBe(true);
    expect(known({ ...SPOKEN, status: 'good', asOf: new Date(LEAF.notAfter.getTime() - 1) })).toBe(false);
  });

  it('is not known to be so by anything else', () => {
    expect(known(at('revoked', days(-1)))).toBe(false);
    expect(known(at('on-hold', days(-1)))).toBe(false);
    expect(known({ ...SPOKEN, status: 'unknown' })).toBe(false);
    expect(known({ status: 'unavailable', source: 'none', code: 'OCSP_UNUSABLE' })).toBe(false);
    expect(known({ status: 'not-checked', source: 'none' })).toBe(false);
    expect(wasNeverRevoked(LEAF, [{ certificate: ISSUING, finding: GOOD }])).toBe(false);
  });
});
