import { describe, expect, it } from '@jest/globals';
import { type PasswordContext } from '../../../src/passwords/rules/context.js';
import {
  checkPassword,
  DEFAULT_PASSWORD_RULES,
  type PasswordRules,
} from '../../../src/passwords/rules/rules.js';

const NOBODY: PasswordContext = { iin: null, names: [], organisations: [] };
const AIGUL: PasswordContext = {
  iin: '920117400125',
  names: ['ӘБІЛҚАЙЫР-ЖҰМАБАЕВА АЙГҮЛ ЕРЛАНҚЫЗЫ'],
  organisations: ['ТОО «Шыңғыс Құрылыс»'],
};
const check = (candidate: string, context = NOBODY, change: Partial<PasswordRules> = {}) =>
  checkPassword({ ...DEFAULT_PASSWORD_RULES, ...change }, candidate, context);

describe('a candidate that follows every rule', () => {
  it.each([
    'Биік таулар, 41 бұлт',
    'Kün-nuri-shashyrady-7',
    'vR7#qLw2!zKp',
    'Дәптер мен Қалам 63',
    'Where did 9 umbrellas go?',
    'Тук-тук, это 4 ежа за дверью',
    '日本語のパスワード Ab9 ок',
    `Z${'x7#Kmq2-'.repeat(15)}`,
  ])('may become a password: %j', (candidate) => {
    expect(check(candidate, AIGUL)).toEqual([]);
  });
});

describe('the length', () => {
  it('counts characters and not the code units they are stored in', () => {
    expect(check('🦊🐻🐼🐨🐯🦁Ab9')).toContain('too-short');
    expect(check('Ab9🦊🐻🐼🐨🐯🦁🐮🐷🐸')).not.toContain('too-short');
  });
  it('counts a letter and its mark as one, however they were typed', () => {
    expect(check('Ab9#е\u0308lkwmzr')).toContain('too-short');
    expect(check('Ab9#е\u0308lkwmzrt')).toEqual([]);
  });
  it('has an end, beyond which nothing else is said', () => {
    expect(check('Q7#mXz2-'.repeat(16))).not.toContain('too-long');
    expect(check('a'.repeat(129))).toEqual(['too-long']);
    expect(check('a'.repeat(1_000_000))).toEqual(['too-long']);
  });
  it('is what the configuration says', () => {
    expect(check('vR7#qLw2!z', NOBODY, { minLength: 10 })).toEqual([]);
    expect(check('vR7#qLw2!zKp', NOBODY, { minLength: 13 })).toEqual(['too-short']);
  });
});

describe('the kinds of characters', () => {
  it.each(['тек кіші әріптер ғана', 'ТЕК БАС ӘРІПТЕР ҒАНА', 'onlylowerletters7', 'ONLYLOWERLETTER5X'])(
    'are too few in %j',
    (candidate) => {
      expect(check(candidate)).toContain('character-classes');
    },
  );
  it('include Russian and Kazakh letters of either case', () => {
    expect(check('ӘңгімеҚұрдым7')).toEqual([]);
    expect(check('ЩедрыйЮжныйЛес4')).toEqual([]);
  });
  it('may be none or all four, as configured', () => {
    expect(check('wqzkxvbnrtplm', NOBODY, { characterClasses: 0 })).toEqual([]);
    expect(check('Umbrellas go where', NOBODY, { characterClasses: 4 })).toEqual(['character-classes']);
  });
});

describe('words about the person', () => {
  it.each([
    ['the name as it is written', 'Айгүл-bulut-41'],
    ['the name in Latin letters', 'aigul-Bulut-41'],
    ['the name in another Latin spelling', 'AYGUL-bulut-41'],
    ['the name with marks', 'Aïgül-bulut-41'],
    ['the name in full-width letters', 'Ａｉｇｕｌ-bulut-41'],
    ['the name with look-alikes', '@1gul-Bulut-92x'],
    ['the name with Cyrillic look-alikes', 'Айгyл-Bulut-92x'.replace('y', 'ү')],
    ['a part of a double name', 'Zhumabaeva_rоx7'],
    ['the same with j', 'JUMABAEVA_rox7'],
    ['the patronymic', 'erlanqyzy-Bulut-5'],
    ['the IIN', 'Bulut-920117400125'],
    ['the IIN in full-width digits', 'Bulut-９２０１１７４００１２５'],
    ['the date in the IIN', 'Bulut&920117&tau'],
    ['the date of birth', 'Bulut&17.01.1992&tau'],
    ['the date of birth the other way round', 'Bulut 1992-01-17 tau'],
    ['a word of the organisation', 'Bulut_Qurylys_7'],
    ['the organisation in Russian letters', 'Bulut_Курылыс_7'],
    ['the product', 'Bulut_QAQPA_tau7'],
    ['the product in Kazakh', 'Bulut_қақпа_tau7'],
    ['the product with look-alikes', 'Bulut_q@qp4_tau7'],
  ])('are refused: %s', (_what, candidate) => {
    expect(check(candidate, AIGUL)).toContain('context');
  });
  it('are no trouble for somebody else', () => {
    expect(check('Айгүл-bulut-41', { ...AIGUL, names: ['ПЁТР КИМ'] })).toEqual([]);
  });
  it.each([
    ['initials and short words', { ...NOBODY, names: ['Ли А. Б.'] }, 'Liberal umbrella 7 ab'],
    ['a legal form', { ...NOBODY, organisations: ['ТОО ЖШС LLP'] }, 'Too many tools, llp 7'],
    ['an IIN that is none', { ...NOBODY, iin: '' }, 'Umbrella and 7 forks'],
    ['a century that does not exist', { ...NOBODY, iin: '920117900125' }, 'Umbrella 17.01.1993'],
  ])('are not seen in %s', (_what, context, candidate) => {
    expect(check(candidate, context)).toEqual([]);
  });
  it('are allowed where the rule is off', () => {
    expect(check('Айгүл-bulut-41', AIGUL, { context: false })).toEqual([]);
  });
});

describe('well-known passwords', () => {
  it.each([
    'password1234',
    'Password123!',
    'P@ssw0rd2026!',
    'p a s s w o r d 1 2 3',
    'passwordpassword',
    'Qwerty123456!',
    'qwertyuiop[]',
    '1q2w3e4r5t6y',
    '1qaz2wsx3edc',
    'zaq12wsxcde3',
    '!QAZ2wsx#EDC',
    'йцукенгшщзхъ',
    'Йцукен123456',
    'фывапролджэ!',
    'ЯчсмитьФывапр1',
    'gfhjkm123456',
    'Gfhjkm-Gfhjkm-1',
    'Пароль-2026-!',
    'ghbdtn12345678',
    'Gfhjkm_ghbdtn7',
    'aaaaaaaaaaaa',
    'ЖЖЖЖЖЖЖЖЖЖЖЖ',
    'abcdefghijkl',
    'Абвгдежзиклм1',
    '987654321012',
    '111122223333',
    'abcabcabcabc',
    'Qazaqstan2026!',
    'Қазақстан-1991',
    'Алматы*2026*',
    'AdminAdmin123',
    'iloveyou-2026!',
    'Correct-Horse-Battery-Staple',
    '1234567890Qw!',
    '************',
  ])('are recognised in %j', (candidate) => {
    expect(check(candidate)).toContain('common');
  });
  it.each([
    'Umbrella and 7 forks',
    'Алматы маған ұнайды, 5',
    'Қызыл трамвай 34 аялдама',
    'mK2!mK9?mK4x',
    'Password is not my hobby 8',
  ])('are not suspected in %j', (candidate) => {
    expect(check(candidate)).toEqual([]);
  });
  it('are allowed where the rule is off', () => {
    expect(check('Password123!', NOBODY, { common: false })).toEqual([]);
  });
});

it('says everything that is wrong at once, in a steady order', () => {
  expect(check('aigul', AIGUL)).toEqual(['too-short', 'character-classes', 'context']);
  expect(check('qaqpa123', AIGUL)).toEqual(['too-short', 'character-classes', 'context']);
});
