import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { controlDigitHolds, maskNumber, parseBin, parseIin } from '../../src/accounts/national-number.js';

describe('an identification number', () => {
  it.each([
    '',
    '12345678901',
    '1234567890123',
    '12345678901a',
    ' 123456789012',
    '123456789012\n',
    'IIN123456789012',
    '１２３４５６７８９０１２',
    '١٢٣٤٥٦٧٨٩٠١٢',
  ])('is not %j', (text) => {
    expect(parseIin(text)).toBeNull();
    expect(parseBin(text)).toBeNull();
  });

  it('is twelve digits', () => {
    expect(parseIin('920101300125')).toBe('920101300125');
    expect(parseBin('123456789021')).toBe('123456789021');
  });

  it('shows its last four digits only', () => {
    expect(maskNumber(parseIin('920101300125')!)).toBe('********0125');
  });
});

describe('the control digit', () => {
  // Published BINs of legal entities, and sums worked out by hand for both weight sequences.
  it.each([
    ['a BIN of the first weights', '000740000728', true],
    ['a BIN of the first weights', '990340005977', true],
    ['its neighbour', '990340005978', false],
    ['one that the first weights leave undecided and the second decide', '000000000523', false],
    ['its neighbour', '090909091303', false],
    ['one for which neither weights give a digit', '000000002810', false],
    ['nothing but zeros', '000000000000', true],
  ])('of %s (%s): %s', (_what, number, holds) => {
    expect(controlDigitHolds(parseBin(number)!)).toBe(holds);
  });

  it('catches every single changed digit among the first ten (the eleventh weighs 11, which is nothing modulo 11)', () => {
    const weights = Array.from({ length: 11 }, (_, index) => index + 1);
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 11 });
    const sum = (numbers: readonly number[]): number =>
      numbers.reduce((total, digit, index) => total + digit * weights[index]!, 0) % 11;
    fc.assert(
      fc.property(digits, fc.nat(9), fc.integer({ min: 1, max: 9 }), (numbers, place, change) => {
        const other = numbers.map((digit, index) => (index === place ? (digit + change) % 10 : digit));
        fc.pre(sum(numbers) < 10 && sum(other) < 10);
        const right = parseIin(numbers.join('') + String(sum(numbers)))!;
        const wrong = parseIin(other.join('') + String(sum(numbers)))!;
        return controlDigitHolds(right) && !controlDigitHolds(wrong);
      }),
      { numRuns: 200 },
    );
  });

  it('allows at most one digit for any eleven, and none where both weight sequences give ten', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{11}$/), (eleven) => {
        const allowed = Array.from('0123456789').filter((digit) =>
          controlDigitHolds(parseIin(eleven + digit)!),
        );
        return allowed.length <= 1;
      }),
      { numRuns: 200 },
    );
  });
});
