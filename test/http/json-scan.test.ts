import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BODY_LIMITS } from '../../src/http/kernel/body-limits.js';
import { createJsonScan, type JsonFault } from '../../src/http/kernel/json-scan.js';
import { unwritablePath } from '../../src/http/kernel/text.js';

const { depth, values, nameOctets, numberOctets } = BODY_LIMITS;

/** What the scanner says of a text that comes in pieces of so many octets. */
function scan(text: string, piece = 7): { fault: JsonFault | null; unusual: boolean; read: number } {
  const scanner = createJsonScan();
  const octets = Buffer.from(text);
  for (let at = 0; at < octets.length; at += piece) {
    const fault = scanner.take(octets.subarray(at, at + piece));
    if (fault !== null) return { fault, unusual: scanner.unusual, read: at + piece };
  }
  return { fault: null, unusual: scanner.unusual, read: octets.length };
}

describe('the look at a body before it is parsed', () => {
  const list = (count: number): string => `[${Array(count).fill('0').join(',')}]`;

  it.each<[string, string, JsonFault | null]>([
    ['as many lists within one another as allowed', '['.repeat(depth) + ']'.repeat(depth), null],
    ['one more', '['.repeat(depth + 1) + ']'.repeat(depth + 1), 'depth'],
    ['objects within one another', '{"a":'.repeat(depth + 1) + '0' + '}'.repeat(depth + 1), 'depth'],
    ['lists beside one another', `[${Array(100).fill('[[]]').join(',')}]`, null],
    ['many values', list(values - 1), null],
    ['too many values', list(values), 'values'],
    ['too many fields', `{${Array.from({ length: values }, (_, at) => `"${at}":0`).join(',')}}`, 'values'],
    ['too many empty lists', `[${Array(values).fill('[]').join(',')}]`, 'values'],
    ['commas alone', ','.repeat(values + 1), 'values'],
    ['commas within a text', `"${','.repeat(values + 1)}"`, null],
    ['brackets within a text', `"${'['.repeat(depth + 1)}"`, null],
    ['brackets behind an escaped quote', `"\\"${'['.repeat(depth + 1)}"`, null],
    ['brackets behind an escaped backslash', `"\\\\"${'['.repeat(depth + 1)}`, 'depth'],
    ['a name as long as allowed', `{"${'n'.repeat(nameOctets - 1)}":0}`, null],
    ['a longer one', `{"${'n'.repeat(nameOctets)}":0}`, 'name'],
    ['a long text that is no name', `{"n":"${'n'.repeat(10_000)}"}`, null],
    ['a number as long as allowed', '1'.repeat(numberOctets), null],
    ['a longer one', `-${'1'.repeat(numberOctets)}`, 'number'],
    ['numbers beside one another', `[${Array(100).fill('1234567890').join(' , ')}]`, null],
  ])('says of %s what is too much', (_what, text, fault) => {
    for (const piece of [1, 7, 100_000]) expect(scan(text, piece).fault).toBe(fault);
  });

  it('knows that a list is too long when it has read no more than it allows', () => {
    const { fault, read } = scan(`[${'0,'.repeat(7_500_000)}0]`, 1024);
    expect(fault).toBe('values');
    expect(read).toBeLessThan(3 * 1024);
  });

  it('takes whatever JSON is small, in any pieces', () => {
    const small = fc.json({ maxDepth: 4 }).filter((text) => text.length < 500);
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 50 }), (text, piece) => {
        const numbers = text.match(/[\d.eE+-]+/g) ?? [];
        fc.pre(numbers.every((number) => number.length <= numberOctets));
        expect(scan(text, piece).fault).toBeNull();
      }),
    );
  });

  it('says of every text with characters no text has that it may have them', () => {
    const odd = fc.constantFrom(
      '\u0000',
      '\u0007',
      '\b',
      '\f',
      '\u001b',
      '\u007f',
      '\u0085',
      '\u009f',
      '\ud800',
    );
    const text = fc
      .tuple(fc.string({ unit: 'binary' }), odd, fc.string({ unit: 'binary' }))
      .map((parts) => parts.join(''));
    const escaped = fc.boolean();
    fc.assert(
      fc.property(text, escaped, fc.integer({ min: 1, max: 9 }), (value, inName, piece) => {
        const body = JSON.stringify(inName ? { [value]: 0 } : [value]);
        fc.pre(unwritablePath(JSON.parse(body)) !== null);
        expect(scan(body, piece).unusual).toBe(true);
      }),
    );
  });

  it.each([
    ['base64', `{"signature":"${'A'.repeat(5000)}"}`],
    ['lines', '{"signature":"a\\nb\\r\\tc \\" \\\\ \\/"}'],
    ['letters of every alphabet', '{"name":"Әбілқайыр «Ё» 名 €"}'],
  ])('says of %s that it has none', (_what, text) => {
    expect(scan(text).unusual).toBe(false);
  });
});
