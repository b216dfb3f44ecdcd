import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64 } from '../../../src/eds/asn1/base64.js';
import { decodeOid, encodeOid } from '../../../src/eds/asn1/oid.js';
import { decodePem } from '../../../src/eds/asn1/pem.js';
import { type Element, readBer, readDer, TAG } from '../../../src/eds/asn1/reader.js';
import { readSignatureInput } from '../../../src/eds/asn1/signature-input.js';
import { readTime } from '../../../src/eds/asn1/time.js';
import { element, integer, octetString, oid, sequence } from '../../../src/eds/asn1/writer.js';
import { parseSignedData } from '../../../src/eds/cms/signed-data.js';
import { EdsError } from '../../../src/eds/error.js';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof EdsError) return error.code;
    throw error;
  }
  return 'read';
}

/** Reads everything there is, to the last leaf. */
function walk(node: Element): number {
  return node.constructed ? node.children().reduce((sum, child) => sum + walk(child), 1) : 1;
}

const bytes = (...octets: number[]): Uint8Array => Uint8Array.from(octets);

describe('the DER reader', () => {
  it.each([
    ['nothing', bytes(), 'ASN1_TRUNCATED'],
    ['a tag alone', bytes(0x30), 'ASN1_TRUNCATED'],
    ['a length beyond the end', bytes(0x04, 0x05, 0x00), 'ASN1_TRUNCATED'],
    ['octets after the end', bytes(0x05, 0x00, 0x00), 'ASN1_TRAILING_BYTES'],
    ['a length in a long form that fits a short one', bytes(0x04, 0x81, 0x01, 0x00), 'ASN1_NOT_MINIMAL'],
    [
      'a length with a leading zero',
      bytes(0x04, 0x82, 0x00, 0x80, ...new Array<number>(128).fill(0)),
      'ASN1_NOT_MINIMAL',
    ],
    ['an indefinite length', bytes(0x30, 0x80, 0x00, 0x00), 'ASN1_NOT_MINIMAL'],
    ['a length of four gigabytes', bytes(0x04, 0x84, 0xff, 0xff, 0xff, 0xff), 'ASN1_TRUNCATED'],
    [
      'a length of a thousand bits',
      bytes(0x04, 0xff, ...new Array<number>(127).fill(0xff)),
      'ASN1_TOO_LARGE',
    ],
    ['a tag number above thirty', bytes(0x1f, 0x81, 0x01, 0x00), 'ASN1_UNEXPECTED'],
    ['a constructed OCTET STRING', bytes(0x24, 0x02, 0x04, 0x00), 'ASN1_UNEXPECTED'],
    ['a primitive SEQUENCE', bytes(0x10, 0x00), 'ASN1_UNEXPECTED'],
    ['end-of-contents octets', bytes(0x00, 0x00), 'ASN1_UNEXPECTED'],
  ])('refuses %s', (_what, input, code) => {
    expect(codeOf(() => walk(readDer(input)))).toBe(code);
  });

  it('refuses a child that is longer than its parent', () => {
    expect(codeOf(() => walk(readDer(bytes(0x30, 0x03, 0x04, 0x05, 0x00, 0x00).subarray(0, 5))))).toBe(
      'ASN1_TRUNCATED',
    );
  });

  it('refuses nesting bombs, definite and indefinite, without running out of stack', () => {
    let definite = bytes(0x05, 0x00);
    for (let depth = 0; depth < 500; depth += 1) definite = sequence(definite);
    const indefinite = new Uint8Array(1_000_000)
      .fill(0x30)
      .map((octet, index) => (index % 2 === 0 ? octet : 0x80));
    expect(codeOf(() => walk(readDer(definite)))).toBe('ASN1_TOO_DEEP');
    expect(codeOf(() => walk(readBer(definite)))).toBe('ASN1_TOO_DEEP');
    expect(codeOf(() => walk(readBer(indefinite)))).toBe('ASN1_TOO_DEEP');
  });

  it('refuses more elements than its budget, however they are laid out', () => {
    const many = element(
      TAG.sequence,
      new Uint8Array(2_000_000).map((_, index) => (index % 2 === 0 ? 5 : 0)),
    );
    expect(codeOf(() => walk(readDer(many)))).toBe('ASN1_TOO_LARGE');
    expect(codeOf(() => walk(readBer(many)))).toBe('ASN1_TOO_LARGE');
    expect(codeOf(() => readDer(many, { maxDepth: 2, maxLength: 100, maxElements: 5 }))).toBe(
      'ASN1_TOO_LARGE',
    );
  });

  it('reads tens of megabytes of content without copying them', () => {
    const content = new Uint8Array(50_000_000);
    const wrapped = sequence(octetString(content));
    const [inner] = readDer(wrapped).children();
    expect(inner?.content.buffer).toBe(wrapped.buffer);
    expect(inner?.content).toHaveLength(content.length);
  });

  it('answers any octets with a value or an EdsError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
        expect(codeOf(() => walk(readBer(input)))).toMatch(/^read$|^ASN1_/);
        expect(codeOf(() => parseSignedData(input))).not.toBe('read');
      }),
      { numRuns: 300 },
    );
  });
});

describe('an object identifier', () => {
  it('comes back as it went in, with arcs of any size', () => {
    const arc = fc.bigInt({ min: 0n, max: 2n ** 90n });
    fc.assert(
      fc.property(fc.array(arc, { maxLength: 4 }), (arcs) => {
        const dotted = ['1.2.398', ...arcs].join('.');
        expect(decodeOid(encodeOid(dotted))).toBe(dotted);
      }),
      { numRuns: 200 },
    );
    for (const dotted of ['0.0', '0.39', '1.39', '2.40', '2.999.1', '2.5.29.15']) {
      expect(decodeOid(encodeOid(dotted))).toBe(dotted);
    }
  });

  it('is refused when padded, cut, empty or endless', () => {
    for (const content of [
      bytes(),
      bytes(0x2a, 0x80, 0x01),
      bytes(0x2a, 0x81),
      new Uint8Array(65).fill(0x2a),
    ]) {
      expect(codeOf(() => decodeOid(content))).toBe('ASN1_UNEXPECTED');
    }
    for (const text of ['', '1', '3.1', '1.40', '1.02', '1.2.', '1.-2', '1.2a']) {
      expect(codeOf(() => oid(text))).toBe('ASN1_UNEXPECTED');
    }
  });
});

describe('a time', () => {
  const time = (tag: number, text: string): Element => readDer(element(tag, new TextEncoder().encode(text)));

  it('is read in the one form RFC 5280 allows', () => {
    expect(readTime(time(TAG.utcTime, '260508064513Z')).toISOString()).toBe('2026-05-08T06:45:13.000Z');
    expect(readTime(time(TAG.utcTime, '500101000000Z')).getUTCFullYear()).toBe(1950);
    expect(readTime(time(TAG.generalizedTime, '19700101000000Z')).getTime()).toBe(0);
    const fraction = time(TAG.generalizedTime, '20260720090807.25Z');
    expect(readTime(fraction, { fraction: true }).getUTCMilliseconds()).toBe(250);
    expect(codeOf(() => readTime(fraction))).toBe('ASN1_UNEXPECTED');
  });

  it.each([
    '2605080645Z',
    '260508064513',
    '260508064513+0600',
    '260230064513Z',
    '261308064513Z',
    '260508246113Z',
    '26050806451aZ',
    '',
  ])('is refused as %j', (text) => {
    expect(codeOf(() => readTime(time(TAG.utcTime, text)))).toBe('ASN1_UNEXPECTED');
  });
});

describe('what people hand in', () => {
  const der = sequence(integer(1), octetString(new Uint8Array(90).fill(7)));
  const base64 = Buffer.from(der).toString('base64');
  const lines = base64.replace(/.{64}/g, '$&\n');

  it.each([
    ['DER', der],
    ['base64', base64],
    ['base64 as octets', new TextEncoder().encode(base64)],
    ['base64 with every white space', ` \t${lines.replaceAll('\n', '\r\n')}\f\n`],
    ['base64 without its padding', base64.replace(/=+$/, '')],
    ['PEM CMS', `-----BEGIN CMS-----\n${lines}\n-----END CMS-----\n`],
    [
      'PEM CMS with CRLF and a byte order mark',
      `\ufeff-----BEGIN CMS-----\r\n${base64}\r\n-----END CMS-----`,
    ],
    ['PEM PKCS7', `-----BEGIN PKCS7-----\n${lines}\n-----END PKCS7-----\n`],
  ])('is read as %s', (_form, input) => {
    expect(Buffer.compare(readSignatureInput(input), der)).toBe(0);
  });

  it.each([
    ['nothing', '', 'FORMAT_UNRECOGNISED'],
    ['prose', 'подпись', 'FORMAT_UNRECOGNISED'],
    ['base64 of something else', 'AAAA', 'FORMAT_UNRECOGNISED'],
    ['base64 with a stray character', `${base64.slice(0, 20)}*${base64.slice(20)}`, 'FORMAT_UNRECOGNISED'],
    [
      'a private key',
      `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----`,
      'FORMAT_NOT_A_SIGNATURE',
    ],
    ['two blocks', `-----BEGIN CMS-----\n${lines}\n-----END CMS-----\n`.repeat(2), 'PEM_MALFORMED'],
    ['a block without its end', `-----BEGIN CMS-----\n${lines}\n`, 'PEM_MALFORMED'],
    ['a block with another end', `-----BEGIN CMS-----\n${lines}\n-----END PKCS7-----`, 'PEM_MALFORMED'],
    ['a block with headers', `-----BEGIN CMS-----\nA: b\n\n${lines}\n-----END CMS-----`, 'PEM_MALFORMED'],
  ])('is refused as %s', (_form, input, code) => {
    expect(codeOf(() => readSignatureInput(input))).toBe(code);
  });

  it('gives every block of a PEM text, in order', () => {
    const text = `before\n-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\nbetween\n-----BEGIN CMS-----\n${lines}\n-----END CMS-----\n`;
    expect(decodePem(text).map(({ label }) => label)).toEqual(['CERTIFICATE', 'CMS']);
  });

  it('decodes base64 as Node does, and nothing that is not base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
        const text = Buffer.from(Buffer.from(data).toString('base64'));
        expect(Buffer.compare(decodeBase64(text), data)).toBe(0);
      }),
      { numRuns: 200 },
    );
    for (const text of ['A', 'AA=', 'AB==', 'AAA=A', 'A===', 'AAB=', '====']) {
      expect(codeOf(() => decodeBase64(Buffer.from(text)))).toBe('PEM_MALFORMED');
    }
  });
});
