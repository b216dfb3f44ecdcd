import { describe, expect, it } from '@jest/globals';
import { CHALLENGE_MARKER, isChallengeText } from '../../src/challenge/text.js';
import { LOGIN_MARKER, looksLikeLogin } from '../../src/eds/login-text.js';

describe('the marker of a login', () => {
  it('is what every challenge begins with', () => {
    expect(CHALLENGE_MARKER.startsWith(LOGIN_MARKER)).toBe(true);
  });

  it.each([
    ['a challenge', 'QAQPA-LOGIN/1\n\n…', true],
    ['white space and a byte order mark in front', '\ufeff \n\tQAQPA-LOGIN/1', true],
    ['another version in lower case', 'qaqpa-login/99', true],
    ['base64 of a challenge', Buffer.from('QAQPA-LOGIN/1\nabc').toString('base64'), true],
    ['a document', 'Договор № 1', false],
    ['a document that mentions it', 'См. QAQPA-LOGIN-1', false],
    ['nothing', '', false],
  ])('%s: the same answer here and where challenges are written', (_what, text, expected) => {
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const content = new Uint8Array(Buffer.from(text, encoding));
      expect(looksLikeLogin(content)).toBe(expected);
      expect(isChallengeText(content)).toBe(expected);
    }
  });
});
