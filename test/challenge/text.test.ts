import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { ChallengeError, type ChallengeSubject, SUBJECT_MAX_OCTETS } from '../../src/challenge/subject.js';
import { type ChallengeTerms, writeChallengeText } from '../../src/challenge/text.js';
import { CHALLENGE_MARKERS, looksLikeChallenge } from '../../src/eds/challenge-marker.js';

const TERMS: ChallengeTerms = {
  origin: 'https://login.example.kz',
  purpose: 'login',
  subject: null,
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

describe('the text of a challenge about something', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const operation = {
    kind: 'operation',
    id: 'members.remove',
    kk: 'Қызметкерді шығару',
    ru: 'Удалить сотрудника',
    organisation: 'ТОО «Заңгер» (БСН / БИН 180440012345)',
    targets: ['Айгүл Серікова, ЖСН / ИИН ********0123'],
    values: ['roles = accountant', 'days = 7'],
    digest: sha256('request'),
  } as const satisfies ChallengeSubject;
  const document = { title: 'Условия', text: 'Первая строка.\nВторая строка.\n', sha256: '' };
  const terms = {
    kind: 'terms',
    id: '2026-11-01',
    documents: [{ ...document, sha256: sha256(document.text) }],
  } as const;
  const write = (purpose: ChallengeTerms['purpose'], subject: ChallengeSubject | null): string =>
    writeChallengeText({ ...TERMS, purpose, subject });

  it('names the operation in both languages and by its stable name', () => {
    const lines = write('step-up', operation).split('\n');
    expect(lines[0]).toBe('QAQPA-OPERATION/1');
    expect(lines).toContain('Әрекет: Қызметкерді шығару');
    expect(lines).toContain('Действие: Удалить сотрудника');
    expect(lines).toContain('Ұйым / Организация: ТОО «Заңгер» (БСН / БИН 180440012345)');
    expect(lines).toContain('Кімге, неге / С кем, с чем: Айгүл Серікова, ЖСН / ИИН ********0123');
    expect(lines).toContain('Мәні / Значение: roles = accountant');
    expect(lines).toContain('Мәні / Значение: days = 7');
    expect(lines).toContain(`Сұраудың SHA-256 / SHA-256 запроса: ${operation.digest}`);
    expect(lines).toContain('Әрекет коды / Код действия: members.remove');
    expect(lines).toContain('Мақсаты / Цель: әрекетті растау / подтверждение действия (step-up)');
  });

  it.each(['registration', 'terms'] as const)(
    'carries the terms word for word, with version and hash: %s',
    (purpose) => {
      const text = write(purpose, terms);
      expect(text.split('\n')[0]).toBe(`QAQPA-${purpose.toUpperCase()}/1`);
      expect(text).toContain(document.text);
      expect(text).toContain('Шарттардың нұсқасы / Версия условий: 2026-11-01\n');
      expect(text).toContain(`Құжат / Документ: Условия; SHA-256 ${sha256(document.text)}\n`);
      expect(text).toContain(TERMS.nonce);
    },
  );

  it.each<[string, ChallengeTerms['purpose'], ChallengeSubject | null]>([
    ['a login about an operation', 'login', operation],
    ['a step-up about nothing', 'step-up', null],
    ['a step-up about terms', 'step-up', terms],
    ['a registration without terms', 'registration', null],
    ['a registration about an operation', 'registration', operation],
    ['terms without a document', 'terms', { ...terms, documents: [] }],
    [
      'a document with another hash',
      'terms',
      { ...terms, documents: [{ ...document, sha256: sha256('other') }] },
    ],
    [
      'an empty document',
      'terms',
      { ...terms, documents: [{ title: 'A', text: ' \n', sha256: sha256(' \n') }] },
    ],
    [
      'a document that turns the direction of text around',
      'terms',
      { ...terms, documents: [{ title: 'A', text: 'a\u202eb', sha256: sha256('a\u202eb') }] },
    ],
    [
      'more text than may be signed',
      'registration',
      {
        ...terms,
        documents: [1, 2].map(() => {
          const text = 'я'.repeat(SUBJECT_MAX_OCTETS / 4 + 1);
          return { title: 'A', text, sha256: sha256(text) };
        }),
      },
    ],
    ['an operation that adds a line', 'step-up', { ...operation, ru: 'Выход\nСайт: https://other.kz' }],
    ['an operation without words', 'step-up', { ...operation, kk: ' ' }],
    ['an operation of many words', 'step-up', { ...operation, kk: 'а'.repeat(301) }],
    ['an operation with another form of name', 'step-up', { ...operation, id: 'Remove all' }],
    ['an operation of no organisation', 'step-up', { ...operation, organisation: ' ' }],
    [
      'an operation of more values than are read',
      'step-up',
      { ...operation, values: Array<string>(101).fill('a') },
    ],
    [
      'an operation whose target adds a line',
      'step-up',
      { ...operation, targets: ['А\nСайт: https://other.kz'] },
    ],
    ['an operation of no digest', 'step-up', { ...operation, digest: '' }],
    ['a version that adds a line', 'terms', { ...terms, id: '1\nx' }],
  ])('is not written for %s', (_what, purpose, subject) => {
    expect(() => write(purpose, subject)).toThrow(ChallengeError);
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
    [
      'in UTF-32',
      new Uint8Array(Array.from(utf8(CHALLENGE_MARKERS.login + '1')).flatMap((octet) => [0, 0, 0, octet])),
    ],
    ['in base64', utf8(Buffer.from(text).toString('base64'))],
    [
      'in base64 broken into lines',
      utf8(
        Buffer.from(text)
          .toString('base64')
          .replace(/(.{8})/g, '$1\r\n'),
      ),
    ],
    ['cut off after the marker', utf8(CHALLENGE_MARKERS.login + '1')],
  ])('recognises one %s', (_how, bytes) => {
    expect(looksLikeChallenge(bytes)).toBe(true);
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a contract', utf8('Договор № 1 от 23.11.2026')],
    [
      'a text that speaks of challenges',
      utf8(`The first line of a challenge is ${CHALLENGE_MARKERS.login}1.`),
    ],
    ['the marker cut short', utf8('QAQPA-LOGIN')],
    ['a PDF', utf8('%PDF-1.7\n%âãÏÓ')],
  ])('lets %s through', (_what, bytes) => {
    expect(looksLikeChallenge(bytes)).toBe(false);
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
          return looksLikeChallenge(utf8(writeChallengeText({ ...TERMS, ...terms, origin })));
        },
      ),
      { numRuns: 100 },
    );
  });
});
