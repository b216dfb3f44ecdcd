import { describe, expect, it } from '@jest/globals';
import { FAILURES, failureOfCode } from '../../src/web/browser/state.js';
import { PROBLEMS } from '../../src/http/kernel/problem.js';

/** Codes that a page sending well-formed requests does not meet, or for which the server's own words are best. */
const NOT_OF_A_SIGN_IN =
  /^(REQUEST_|CLIENT_|PASSWORD_CURRENT_WRONG$|PASSWORD_RULES_BROKEN$|SESSION_NONE$|OBLIGATIONS_PENDING$|PERMISSION_DENIED$|EDS_SESSION_REQUIRED$|STEP_UP_REQUIRED$|RESOURCE_UNKNOWN$|INTERNAL$|MEMBERSHIP_|LAST_MANAGER$|LAST_ADMINISTRATOR$|AUTHORITY_EXCEEDED$|ROLE_|CERTIFICATE_BINDING_|BIN_CLAIM_|ORGANISATION_)/;

const codes = Object.keys(PROBLEMS);

describe('what a code of the gateway means to a person', () => {
  it('is known for everything a sign-in can be refused for', () => {
    expect(codes.length).toBeGreaterThan(60);
    const unknown = codes.filter((code) => failureOfCode(code) === 'unknown');
    expect(unknown.filter((code) => !NOT_OF_A_SIGN_IN.test(code))).toEqual([]);
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
    ['FORMAT_NOT_A_SIGNATURE', 'signature-rejected'],
    ['FORMAT_NOT_SUPPORTED', 'signature-not-supported'],
    ['FORMAT_TOO_LARGE', 'signature-too-large'],
    ['ASN1_TOO_DEEP', 'signature-too-large'],
    ['REQUEST_TOO_LARGE', 'signature-too-large'],
    ['CERTIFICATE_ON_HOLD', 'on-hold'],
    ['ACCOUNT_NONE', 'no-account'],
    ['ACCOUNT_SUSPENDED', 'account-blocked'],
    ['ACCOUNT_INVITED', 'account-invited'],
    ['ACCOUNT_REQUESTED', 'account-requested'],
    ['ACCOUNT_CERTIFICATE_PENDING', 'certificate-pending'],
    ['ACCOUNT_CERTIFICATE_REVOKED', 'certificate-not-accepted'],
    ['PASSWORD_BLOCKED', 'password-blocked'],
    ['RATE_LIMITED', 'rate-limited'],
    ['INTERNAL', 'unknown'],
    ['constructor', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (code, failure) => {
    expect(failureOfCode(code)).toBe(failure);
  });

  it('leads to a state that exists', () => {
    for (const code of codes) expect(FAILURES).toContain(failureOfCode(code));
  });
});
