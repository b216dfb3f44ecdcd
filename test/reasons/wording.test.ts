import { describe, expect, it } from '@jest/globals';
import { worded } from '../../src/reasons/wording.js';

describe('the wording of a text', () => {
  it.each([
    [1, '1 день'],
    [2, '2 дня'],
    [5, '5 дней'],
    [11, '11 дней'],
    [21, '21 день'],
    [90, '90 дней'],
  ])('puts a Russian word after %i in its form', (days, said) => {
    expect(worded('{days:день|дня|дней}', 'ru', { days })).toBe(said);
  });

  it.each([
    [1, 'короче 1 знака'],
    [12, 'короче 12 знаков'],
    [22, 'короче 22 знаков'],
    [21, 'короче 21 знака'],
  ])('does with two forms where a case has no third: %i', (min, said) => {
    expect(worded('короче {min:знака|знаков}', 'ru', { min })).toBe(said);
  });

  it('has two forms in English and one in Kazakh', () => {
    expect(worded('{n:day|days}', 'en', { n: 1 })).toBe('1 day');
    expect(worded('{n:day|days}', 'en', { n: 0 })).toBe('0 days');
    expect(worded('{n} күн', 'kk', { n: 1 })).toBe('1 күн');
  });

  it('leaves what has no value as it stands, whatever it is called', () => {
    expect(worded('{seconds} {constructor} {min:a|b}', 'en', {})).toBe('{seconds} {constructor} {min:a|b}');
  });

  it('puts values in as they are', () => {
    expect(worded('{name}', 'en', { name: '$& {n}' })).toBe('$& {n}');
  });
});
