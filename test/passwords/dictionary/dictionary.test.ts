import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  loadPasswordDictionary,
  type PasswordDictionary,
} from '../../../src/passwords/dictionary/dictionary.js';
import { judgeNewPassword } from '../../../src/passwords/judgement.js';
import { checkPassword, DEFAULT_PASSWORD_RULES } from '../../../src/passwords/rules/rules.js';

const NOBODY = { iin: null, names: [], organisations: [] };
const judge = (password: string) => judgeNewPassword(DEFAULT_PASSWORD_RULES, password, NOBODY, null);

let dictionary: PasswordDictionary;
beforeAll(async () => {
  dictionary = await loadPasswordDictionary();
});

describe('a password that guessers come to', () => {
  it.each([
    ['a club and a year', 'Liverpool1998'],
    ['a band and a number', 'Metallica666!'],
    ['a player and a row of sevens', 'Ronaldo77777A'],
    ['a club with look-alikes', 'L1v3rp00l1998!'],
    ['a club with other look-alikes', 'M@nch3st3r2012'],
    ['a club backwards', 'loopreviL1998'],
    ['a club backwards with look-alikes', 'l00pr3viL1998!'],
    ['the year before the club', '1998Liverpool!'],
    ['two clubs', 'Chelsea&Arsenal1'],
    ['a club in Russian', 'Барселона2010!'],
    ['the same typed in the Latin layout', ',fhctkjyf2010A'],
    ['a club in two words', 'Real Madrid 2018!'],
    ['a club of Kazakhstan', 'Ordabasy-2023!'],
    ['a club of Russia', 'Spartak_Moskva1'],
    ['a hockey club', 'Barys-Astana-15'],
    ['a band with look-alikes', 'R@mmst3in2007'],
    ['a band in Russian', 'Рамштайн2007!'],
    ['a band and sixes', 'Slipknot666666'],
    ['a country in Kazakh Latin', 'Qazaqstan2026!'],
    ['the same and the year of the khanate', 'Qazaqstan1465!'],
    ['a country in English', 'Kazakhstan2030!'],
    ['a country in Russian', 'Казахстан_1991'],
    ['a country in Kazakh', 'Қазақстан!1991'],
    ['a country and a cheer', 'KazakhstanAlga1'],
    ['a cheer in Kazakh', 'АлғаҚазақстан1'],
    ['two cities', 'Almaty+Astana1'],
    ['a city and its code', 'Almaty727!727!'],
    ['a city in Russian', 'Караганда2024!'],
    ['a city in the Latin layout', 'Rfhfufylf2024!'],
    ['a city in another spelling', 'Shymkent-1998!'],
    ['a sight', 'Bayterek2030!'],
    ['a skating rink', 'Медеу2011!!Ab'],
    ['a first name and a year', 'Aigerim1995!!'],
    ['a first name in Kazakh letters', 'Айгерім_1995!'],
    ['a first name in Russian letters', 'Айгерим_1995!'],
    ['a first name in the Latin layout', 'Fquthbv_1995!'],
    ['a first name and sevens', 'Nurlan77777!A'],
    ['a first name and a date', 'Julia12121985'],
    ['a first name and a date with points', 'Yulia-12.12.1985'],
    ['two first names', 'AigerimNurlan95'],
    ['a first name and a surname', 'АлмазОспанов1'],
    ['a Russian first name and surname', 'ЮлияИванова85'],
    ['the same in Latin letters', 'YuliyaIvanova85'],
    ['a surname and a year', 'Akhmetov1987!'],
    ['a pet name', 'СолнышкоМоё1'],
    ['a pet name in the Latin layout', 'Cjkysirj2024!'],
    ['a pet name in Kazakh', 'Botaqan2015!!'],
    ['a pet name in Latin letters', 'Zaichonok2020!'],
    ['the word itself', 'Parol2026!!!!'],
    ['the word itself in the Latin layout', 'Gfhjkm2026!!!'],
    ['the word itself in Kazakh', 'Құпиясөз2026!'],
    ['the word itself in Kazakh Latin', 'Qupiyasoz2026!'],
    ['the word itself with a random end', 'passwordXq7#'],
    ['the word itself with spaces and look-alikes', 'Pa55 w0rd 2024'],
    ['the word itself letter by letter', 'P-a-s-s-w-o-r-d-1'],
    ['the word itself in the Russian layout', 'Зфыыцщкв2024!'],
    ['a walk over the keys', '1qaz@WSX3edc'],
    ['two walks over the keys', 'Qwerty_Asdfgh1'],
    ['a walk in the Russian layout', 'Йцукен_Фывапр1'],
    ['a walk backwards', '0987654321Poi!'],
    ['a bank', 'KaspiBank2024!'],
    ['a bank in Russian', 'Каспибанк2024!'],
    ['a telephone company', 'Beeline-Kcell1'],
    ['a car', 'Mercedes-Benz1'],
    ['a car in Russian', 'Тойота_Камри50'],
    ['a telephone', 'Iphone-ProMax15'],
    ['two heroes', 'Batman&Robin12'],
    ['a game', 'Minecraft2019!'],
    ['a declaration', 'Iloveyou!2024'],
    ['a declaration in Russian', 'ЯтебяЛюблю2024'],
    ['two favourite words', 'Dragon!Monkey1'],
    ['the department', 'Бухгалтерия2026!'],
    ['the season', 'Summer-2026!!'],
    ['the month in Kazakh', 'Қыркүйек2026!'],
    ['the same word twice', 'Gulnara-Gulnara1'],
    ['a word of a word list', 'Zoologist2024!'],
  ])('is refused: %s', async (_what, password) => {
    expect(await judge(password)).toEqual(['common']);
  });
});

describe('a password of somebody who took care', () => {
  it.each([
    'Биік таулар, 41 бұлт',
    'Kün-nuri-shashyrady-7',
    'Дәптер мен Қалам 63',
    'Қызыл трамвай 34 аялдама',
    'Алматы маған ұнайды, 5',
    'Терезе ашылды, 2026',
    'Jel soqty, 42 terek',
    'Qarlygash-2026-Ұя',
    'Бұлбұл-2026-Ашық',
    'Tasty-bulaq-77-Zhol',
    'Тук-тук, это 4 ежа за дверью',
    'Щедрый Южный Лес 4',
    'ӘңгімеҚұрдым7',
    'Где мой третий зонт, Клава?',
    'Мокрый кактус поёт в 3 часа',
    'Семь-Ложек-Утонули-В-Киселе',
    'Синий чемодан №5 уехал в Омск',
    'Сүтқоңыз 8 рет ысқырды',
    'Where did 9 umbrellas go?',
    'Umbrella and 7 forks',
    'Umbrellas go where 2',
    'Password is not my hobby 8',
    'Liverpool lost my 3 brown gloves',
    'Fifteen ducks, 1 tractor, no plan',
    'Cobweb-Trowel-Sandbank-4',
    'Gizmo-Nectar-Plywood-Haste',
    'vR7#qLw2!zKp',
    'mK2!mK9?mK4x',
    'xT9$wq&Lm4Rz',
    'k8Zr-Pq3v-Nn6d',
    'Hb5_uW7yCx2eGj',
    'rZ!4uP%8nB@q',
    'f3Kd9sQx7LmZ2w',
    '日本語のパスワード Ab9 ок',
    `Z${'x7#Kmq2-'.repeat(15)}`,
  ])('is taken: %j', async (password) => {
    expect(await judge(password)).toEqual([]);
  });

  it('is taken when a machine made it, a thousand times', () => {
    const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#$%&*+-=?@_';
    // Numbers of a fixed sequence (Park–Miller), so that what fails once fails always.
    let state = 20_261_130;
    const next = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    const made = Array.from({ length: 1000 }, () =>
      Array.from({ length: 14 }, () => letters.charAt(next(letters.length))).join(''),
    );
    expect(made.filter((password) => dictionary.isGuessable(password))).toEqual([]);
  });
});

describe('the dictionary', () => {
  it('refuses whatever the browser says is well known', () => {
    const known = ['P@ssw0rd2026!', 'ЯчсмитьФывапр1', 'Correct-Horse-Battery-Staple', 'Абвгдежзиклм1'];
    expect(
      known.filter((password) => !checkPassword(DEFAULT_PASSWORD_RULES, password, NOBODY).includes('common')),
    ).toEqual([]);
  });

  it('is not asked where well-known passwords are allowed', async () => {
    expect(
      await judgeNewPassword({ ...DEFAULT_PASSWORD_RULES, common: false }, 'Liverpool1998', NOBODY, null),
    ).toEqual([]);
  });

  it('says everything that is wrong at once, in a steady order', async () => {
    expect(await judge('liverpool1998')).toEqual(['character-classes', 'common']);
  });

  it('does not call what is merely short well known', async () => {
    expect(await judge('Qz7-kVm')).toEqual(['too-short']);
  });

  it('does not read a novel', async () => {
    expect(await judge('Liverpool1998'.repeat(100_000))).toEqual(['too-long']);
  });

  it.each([
    ['words without end', 'p@55w0rd1'.repeat(28)],
    ['look-alikes without end', '4@8({[</369&#!1/|0$5+7%2'.repeat(10)],
    ['one character', '1'.repeat(256)],
    ['two characters that read four ways', '1l'.repeat(128)],
    ['nothing', ''],
    ['half a character', '\ud83e'.repeat(200)],
    ['marks upon a letter', `e${'\u0301'.repeat(250)}`],
  ])('judges %s', (_what, text) => {
    expect(typeof dictionary.isGuessable(text)).toBe('boolean');
  });
});
