import { describe, expect, it } from '@jest/globals';
import { CHALLENGE_MARKERS, looksLikeChallenge } from '../../src/eds/challenge-marker.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('content to be verified as a document', () => {
  it.each([
    ...Object.entries(CHALLENGE_MARKERS).map(
      ([purpose, marker]) => [`a challenge for ${purpose}`, `${marker}1\n\n…`] as const,
    ),
    ['a challenge of a purpose yet to come', 'QAQPA-DATA-REQUEST/1\n'],
    ['white space and a byte order mark in front', '\ufeff \n\tQAQPA-TERMS/1'],
    ['another version in lower case', 'qaqpa-registration/99'],
    ['base64 of a challenge', base64('QAQPA-OPERATION/1\nabc')],
    ['base64 of a challenge behind white space', base64('\n \n QAQPA-TERMS/1\nabc')],
    ['base64 of a challenge in lines', base64('QAQPA-REGISTRATION/1\nabc').replace(/(.{5})/g, '$1\r\n')],
    ['base64 of a challenge in UTF-16', Buffer.from('QAQPA-LOGIN/1', 'utf16le').toString('base64')],
  ])('is refused: %s', (_what, text) => {
    for (const encoding of ['utf8', 'utf16le'] as const) {
      expect(looksLikeChallenge(new Uint8Array(Buffer.from(text, encoding)))).toBe(true);
    }
  });

  it.each([
    ['a contract', 'Договор № 1'],
    ['a contract of a company called so', 'QAQPA-2026 supply contract / annex'],
    ['a document that mentions one', 'См. QAQPA-LOGIN/1'],
    ['a marker without its end', 'QAQPA-LOGIN'],
    ['nothing', ''],
    ['a picture in base64', base64('\x89PNG\r\n\x1a\n')],
  ])('is let through: %s', (_what, text) => {
    expect(looksLikeChallenge(new Uint8Array(Buffer.from(text, 'utf8')))).toBe(false);
  });
});
