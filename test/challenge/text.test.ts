import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CHALLENGE_MARKER,
  ChallengeError,
  type ChallengeTerms,
  isChallengeText,
  writeChallengeText,
} from '../../src/challenge/text.js';

const TERMS: ChallengeTerms = {
  origin: 'https://login.example.kz',
  purpose: 'login',
  nonce: 'A'.repeat(43),
  issuedAt: new Date('2026-11-23T05:00:00Z'),
  expiresAt: new Date('2026-11-23T05:05:00Z'),
};
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the text of a challenge', () => {
  const text = writeChallengeText(TERMS);

  it('begins with the domain separator on a line of its own', () => {
    expect(text.split('\n')[0]).toBe('QAQPA-LOGIN/1');
  });

  it('names origin, purpose, nonce and both times, and warns in Kazakh and Russian', () => {
    expect(text).toMatchInlineSnapshot(`
"QAQPA-LOGIN/1

Осы мәтінге қол қойып, сіз тек төмендегі сайтқа кіресіз. Бұл құжат та, шарт та емес.
Подписывая этот текст, вы только входите на указанный ниже сайт. Это не документ и не договор.

Сайт: https://login.example.kz
Мақсаты / Цель: сайтқа кіру / вход на сайт (login)
Бір реттік код / Одноразовый код: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
Жасалған уақыты / Создано: 2026-11-23T05:00:00Z
Жарамдылық мерзімі / Действует до: 2026-11-23T05:05:00Z

Назар аударыңыз! Браузеріңіздегі сайттың мекенжайы басқа болса, қол қоймаңыз: сіздің атыңыздан біреу кіргелі тұр.
Внимание! Если в адресной строке браузера другой сайт, не подписывайте: кто-то входит от вашего имени.
"
`);
  });

  it.each<[string, Partial<ChallengeTerms>]>([
    ['an origin with a path', { origin: 'https://login.example.kz/' }],
    ['an origin with a user', { origin: 'https://me@login.example.kz' }],
    ['an origin with its default port spelled out', { origin: 'https://login.example.kz:443' }],
    ['an origin in capitals', { origin: 'https://LOGIN.example.kz' }],
    ['an origin that would add a line', { origin: 'https://login.example.kz\nСайт: https://other.kz' }],
    ['an origin of another scheme', { origin: 'file://' }],
    ['no origin', { origin: '' }],
    ['a short nonce', { nonce: 'A'.repeat(42) }],
    ['a nonce with other characters', { nonce: `${'A'.repeat(42)}\n` }],
    ['a life above five minutes', { expiresAt: new Date('2026-11-23T05:05:01Z') }],
    ['no life at all', { expiresAt: TERMS.issuedAt }],
    ['an expiry before the issue', { expiresAt: new Date('2026-11-23T04:59:59Z') }],
    ['a time between seconds', { issuedAt: new Date('2026-11-23T05:00:00.500Z') }],
    ['an invalid date', { expiresAt: new Date(Number.NaN) }],
  ])('is not written for %s', (_what, change) => {
    expect(() => writeChallengeText({ ...TERMS, ...change })).toThrow(ChallengeError);
  });
});

describe('telling a challenge from a document', () => {
  const text = writeChallengeText(TERMS);
  const utf16 = (littleEndian: boolean): Uint8Array => {
    const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
    return new Uint8Array(littleEndian ? bytes : bytes.swap16());
  };

  it.each<[string, Uint8Array]>([
    ['as issued', utf8(text)],
    ['of a later version', utf8('QAQPA-LOGIN/27\nanything')],
    ['behind a byte order mark', utf8(`\uFEFF${text}`)],
    ['behind white space of every kind', utf8(` \t\r\n\v\f\u00a0\u2028\u200b${text}`)],
    ['behind a megabyte of spaces', utf8(' '.repeat(1 << 20) + text)],
    ['in lower case', utf8(text.toLowerCase())],
    ['in UTF-16, little endian', utf16(true)],
    ['in UTF-16, big endian', utf16(false)],
    ['in UTF-32', new Uint8Array(Array.from(utf8(CHALLENGE_MARKER)).flatMap((octet) => [0, 0, 0, octet]))],
    ['in base64', utf8(Buffer.from(text).toString('base64'))],
    [
      'in base64 broken into lines',
      utf8(
        Buffer.from(text)
          .toString('base64')
          .replace(/(.{8})/g, '$1\r\n'),
      ),
    ],
    ['cut off after the marker', utf8(CHALLENGE_MARKER)],
  ])('recognises one %s', (_how, bytes) => {
    expect(isChallengeText(bytes)).toBe(true);
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a contract', utf8('Договор № 1 от 23.11.2026')],
    ['a text that speaks of challenges', utf8(`The first line of a challenge is ${CHALLENGE_MARKER}.`)],
    ['the marker cut short', utf8('QAQPA-LOGIN')],
    ['a PDF', utf8('%PDF-1.7\n%âãÏÓ')],
  ])('lets %s through', (_what, bytes) => {
    expect(isChallengeText(bytes)).toBe(false);
  });

  it('recognises every text the builder can write', () => {
    const time = fc.integer({ min: 1, max: 4_000_000_000 });
    fc.assert(
      fc.property(
        fc.webAuthority({ withPort: true }),
        time,
        fc.integer({ min: 1, max: 300 }),
        (host, at, life) => {
          const terms = { issuedAt: new Date(at * 1000), expiresAt: new Date((at + life) * 1000) };
          const { origin } = new URL(`https://${host.toLowerCase()}`);
          return isChallengeText(utf8(writeChallengeText({ ...TERMS, ...terms, origin })));
        },
      ),
      { numRuns: 100 },
    );
  });
});
