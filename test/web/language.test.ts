import { describe, expect, it } from '@jest/globals';
import { chooseLanguage } from '../../src/web/index.js';

describe('the language of a page', () => {
  it('is the one picked in the switch, before the remembered one, before the browser’s', () => {
    const acceptLanguage = 'en';
    expect(chooseLanguage({ query: 'kk', cookie: 'ru', acceptLanguage })).toBe('kk');
    expect(chooseLanguage({ cookie: 'ru', acceptLanguage })).toBe('ru');
    expect(chooseLanguage({ acceptLanguage })).toBe('en');
  });

  it('is Kazakh when nobody says anything', () => {
    expect(chooseLanguage({})).toBe('kk');
  });

  it.each([
    ['ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7', 'ru'],
    ['en;q=0.3, kk-KZ;q=0.8', 'kk'],
    ['de-DE,de;q=0.9,en;q=0.2', 'en'],
    ['ru;q=0, en;q=0.1', 'en'],
    ['RU', 'ru'],
    ['*', 'kk'],
    ['de', 'kk'],
    [';;;,,q=,ru;q=7', 'ru'],
  ])('reads Accept-Language %s as %s', (acceptLanguage, language) => {
    expect(chooseLanguage({ acceptLanguage })).toBe(language);
  });

  it('does not believe a language that is not one of ours', () => {
    expect(chooseLanguage({ query: 'constructor', cookie: '../ru', acceptLanguage: 'ru' })).toBe('ru');
  });

  it('reads no more of a header than a header may hold', () => {
    expect(chooseLanguage({ acceptLanguage: `${'x,'.repeat(400)}ru` })).toBe('kk');
  });
});
