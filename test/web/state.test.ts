import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FAILURES, failureOfCode } from '../../src/web/browser/state.js';

/** Codes of a mistake in the program that uses the verifier; no answer of the gateway carries them. */
const NOT_OF_A_SIGN_IN = ['TRUST_EMPTY', 'TRUST_INVALID', 'POLICY_INVALID'];

const source = readFileSync(new URL('../../src/eds/error.ts', import.meta.url), 'utf8');
const verdictCodes = [...source.matchAll(/^ {2}\| '([A-Z0-9_]+)'/gm)].map((match) => match[1]!);

describe('what a code of the gateway means to a person', () => {
  it('is known for every code a verdict on a login can carry', () => {
    expect(verdictCodes.length).toBeGreaterThan(50);
    const unknown = verdictCodes.filter(
      (code) => failureOfCode(code) === 'unknown' && !NOT_OF_A_SIGN_IN.includes(code),
    );
    expect(unknown).toEqual([]);
    expect(NOT_OF_A_SIGN_IN.map(failureOfCode)).toEqual(NOT_OF_A_SIGN_IN.map(() => 'unknown'));
  });

  it.each([
    ['CERTIFICATE_EXPIRED', 'expired'],
    ['CERTIFICATE_NOT_YET_VALID', 'not-yet-valid'],
    ['CERTIFICATE_REVOKED', 'revoked'],
    ['CERTIFICATE_NOT_ISSUED', 'not-issued'],
    ['IDENTITY_NOT_A_PERSON', 'wrong-key'],
    ['IDENTITY_IIN_REPEATED', 'identity-unreadable'],
    ['PATH_SELF_SIGNED', 'untrusted-key'],
    ['OCSP_STALE', 'revocation-unavailable'],
    ['REVOCATION_UNKNOWN', 'revocation-unknown'],
    ['CHALLENGE_USED', 'challenge-expired'],
    ['CHALLENGE_OTHER_BROWSER', 'other-browser'],
    ['SIGNATURE_ALGORITHM_FORBIDDEN', 'weak-key'],
    ['SIGNATURE_CONTENT_MISMATCH', 'signature-rejected'],
    ['ACCOUNT_NONE', 'no-account'],
    ['ACCOUNT_SUSPENDED', 'account-blocked'],
    ['PASSWORD_BLOCKED', 'password-blocked'],
    ['RATE_LIMITED', 'rate-limited'],
    ['INTERNAL', 'unknown'],
    ['constructor', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (code, failure) => {
    expect(failureOfCode(code)).toBe(failure);
  });

  it('leads to a state that exists', () => {
    for (const code of verdictCodes) expect(FAILURES).toContain(failureOfCode(code));
  });
});
