import { beforeAll, describe, expect, it } from '@jest/globals';
import { type TrustSet } from '../../../src/eds/trust-set.js';
import { decodeXml, XML_ENCODINGS } from '../../../src/eds/xml/encoding.js';
import { createLaboratory, type LabKey, signXml } from '../../../src/lab/index.js';
import { BROKEN, judge, lineOf, NOT_SUPPORTED, NOW, trustIn } from './grounds.js';

let trust: TrustSet;
let key: LabKey;

beforeAll(async () => {
  const lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
  trust = trustIn(lab.trustCertificates());
  key = await lab.issue({ kind: 'individual', algorithm: 'gost2015-512' });
});

async function verdictOn(bytes: Uint8Array): Promise<string> {
  return lineOf(await judge(trust, bytes));
}

const declared = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>`;
const signed = (encoding: string): string =>
  signXml(key, `${declared(encoding)}<doc><a>Привет, мир</a></doc>`);
/** The text in an encoding of one octet for each character. */
function inOctets(text: string, encoding: string): Uint8Array {
  const decoder = new TextDecoder(encoding);
  const octets = new Map(
    Array.from({ length: 256 }, (_, octet) => [decoder.decode(Uint8Array.of(octet)), octet] as const),
  );
  return Uint8Array.from(text, (character) => octets.get(character) ?? 0x3f);
}
const swapped = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le').swap16());

describe('a signed document', () => {
  it.each(['windows-1251', 'koi8-r', 'KOI8-R', 'ISO-8859-5', 'Windows-1251', 'cp1251'])(
    'is good in declared %s',
    async (encoding) => {
      expect(await verdictOn(inOctets(signed(encoding), encoding))).toBe('TOTAL_PASSED');
    },
  );

  it('is good in UTF-16 of either order with its mark, and in UTF-8 with and without', async () => {
    for (const text of [signed('UTF-16'), signed('utf-16').replace(declared('utf-16'), '')]) {
      expect(await verdictOn(new Uint8Array(Buffer.from(`\uFEFF${text}`, 'utf16le')))).toBe('TOTAL_PASSED');
      expect(await verdictOn(swapped(`\uFEFF${text}`))).toBe('TOTAL_PASSED');
    }
    for (const mark of ['', '\uFEFF']) {
      for (const encoding of ['utf-8', 'UTF-8', 'utf8']) {
        expect(await verdictOn(new TextEncoder().encode(mark + signed(encoding)))).toBe('TOTAL_PASSED');
      }
    }
  });

  it('is bad with a letter changed in its encoding', async () => {
    const octets = inOctets(signed('windows-1251'), 'windows-1251');
    octets[octets.indexOf(0xf0)] = 0xf1;
    expect(await verdictOn(octets)).toMatch(/SIGNATURE_CONTENT_MISMATCH$/);
  });
});

describe('an encoding that contradicts itself', () => {
  it.each([
    [
      'a mark of UTF-8 before another declaration',
      new TextEncoder().encode(`\uFEFF${declared('windows-1251')}<a/>`),
    ],
    [
      'a mark of UTF-16 before UTF-8',
      new Uint8Array(Buffer.from(`\uFEFF${declared('UTF-8')}<a/>`, 'utf16le')),
    ],
    ['a mark of the other order', swapped(`\uFEFF${declared('UTF-16LE')}<a/>`)],
    ['UTF-16 declared and not used', new TextEncoder().encode(`${declared('UTF-16')}<a/>`)],
    ['windows-1251 without a declaration', Uint8Array.of(0x3c, 0x61, 0x3e, 0xcf, 0x3c, 0x2f, 0x61, 0x3e)],
    [
      'octets that stand for nothing',
      new Uint8Array(Buffer.from(`${declared('windows-1251')}<a>\x98</a>`, 'latin1')),
    ],
    [
      'octets that stand for different things',
      new Uint8Array(Buffer.from(`${declared('ISO-8859-1')}<a>\x80</a>`, 'latin1')),
    ],
    ['more than ASCII', new Uint8Array(Buffer.from(`${declared('US-ASCII')}<a>\xe9</a>`, 'latin1'))],
    ['a name that is none', new TextEncoder().encode(`${declared('8859')}<a/>`)],
    ['half a character of UTF-16', new Uint8Array(Buffer.from('\uFEFF<a/>', 'utf16le')).slice(0, -1)],
    ['half a pair', new Uint8Array(Buffer.from('\uFEFF<a>\uD800</a>', 'utf16le'))],
    ['UTF-8 cut short', new TextEncoder().encode('<a>қ</a>').slice(0, 4)],
    [
      'UTF-8 that is longer than need be',
      Uint8Array.of(0x3c, 0x61, 0x3e, 0xc1, 0xa1, 0x3c, 0x2f, 0x61, 0x3e),
    ],
    ['two marks', new TextEncoder().encode('\uFEFF\uFEFF<a/>')],
  ])('is broken: %s', async (_, bytes) => {
    expect(await verdictOn(bytes)).toBe(BROKEN);
  });
});

describe('an encoding that is not read', () => {
  it.each([
    ['UTF-32', new Uint8Array(Buffer.from('\uFEFF\0<\0a\0/\0>\0', 'utf16le'))],
    ['UTF-16 without a mark', new Uint8Array(Buffer.from(`${declared('UTF-16LE')}<a/>`, 'utf16le'))],
    ['UTF-16 of the other order without a mark', swapped('<a/>')],
    ['EBCDIC', Uint8Array.of(0x4c, 0x6f, 0xa7, 0x94, 0x93)],
    ['Big5', new TextEncoder().encode(`${declared('Big5')}<a/>`)],
    ['UTF-7', new TextEncoder().encode(`${declared('UTF-7')}<a/>`)],
    ['a property of every object', new TextEncoder().encode(`${declared('constructor')}<a/>`)],
  ])('is not supported: %s', async (_, bytes) => {
    expect(await verdictOn(bytes)).toBe(NOT_SUPPORTED);
  });
});

describe('an encoding of one octet', () => {
  const LATIN = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';
  const single = XML_ENCODINGS.filter((name) => !name.startsWith('utf') && name !== 'us-ascii');

  it.each(single)('%s agrees with the decoder of Node in every octet it reads', (encoding) => {
    const other = new TextDecoder(encoding === 'iso-8859-1' ? 'windows-1252' : encoding);
    let read = 0;
    for (let octet = 0; octet < 256; octet += 1) {
      const bytes = Uint8Array.from([...Buffer.from(`${declared(encoding)}<a>`), octet]);
      let text: string;
      try {
        text = decodeXml(bytes);
      } catch {
        continue;
      }
      read += 1;
      // Node reads these octets of this one encoding as ISO 8859-1.
      const special = encoding === 'windows-1252' && octet >= 0x80 && octet < 0xa0;
      expect(text.at(-1)).toBe(special ? LATIN[octet - 0x80] : other.decode(Uint8Array.of(octet)));
    }
    expect(read).toBeGreaterThan(220);
  });
});
