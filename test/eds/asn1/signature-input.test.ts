import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readInput, readSignatureInput } from '../../../src/eds/asn1/signature-input.js';
import { integer, octetString, oid, sequence } from '../../../src/eds/asn1/writer.js';
import { EdsError } from '../../../src/eds/error.js';
import { CONTENT } from '../../../src/eds/oid.js';
import { sharedBytes, sharedMaterialPresent } from '../../support/shared-material.js';

// Octets of every value, so that base64 has + and / and every padding is met.
const message = (length = 1000): Uint8Array =>
  sequence(
    oid(CONTENT.signedData),
    octetString(Uint8Array.from({ length }, (_, index) => (index * 37) ^ (index >> 3))),
  );
const certificate = sequence(integer(7), octetString(new Uint8Array(70).fill(9)));

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');
const lines = (text: string, end: string): string => text.replace(/.{64}/g, `$&${end}`);
const pem = (der: Uint8Array, { label = 'CMS', end = '\n' } = {}): string =>
  `-----BEGIN ${label}-----${end}${lines(base64(der), end)}${end}-----END ${label}-----${end}`;
const utf16 = (text: string, order: 'le' | 'be', mark: boolean): Uint8Array => {
  const octets = Buffer.from(mark ? `\ufeff${text}` : text, 'utf16le');
  return new Uint8Array(order === 'le' ? octets : octets.swap16());
};

function outcome(input: string | Uint8Array): string {
  try {
    const { kind, bytes } = readInput(input);
    return `${kind} ${Buffer.from(bytes).toString('hex')}`;
  } catch (error) {
    if (error instanceof EdsError) return error.code;
    throw error;
  }
}

describe('a signature as it was pasted', () => {
  const der = message();
  const text = base64(der);
  const url = Buffer.from(der).toString('base64url');
  const one = pem(der);
  const bytes = new TextEncoder().encode(one);

  it.each<readonly [string, string | Uint8Array]>([
    ['PEM on one line', pem(der, { end: '' })],
    ['PEM with spaces for line ends', pem(der, { end: ' ' })],
    ['PEM with CR alone', pem(der, { end: '\r' })],
    ['PEM with CRLF', pem(der, { end: '\r\n' })],
    ['PEM with a tab in its boundaries', one.replaceAll('BEGIN CMS', 'BEGIN \t CMS')],
    ['PEM with spaces in its boundaries', one.replaceAll('-----BEGIN CMS-----', '----- BEGIN CMS -----')],
    ['PEM with literal \\n', pem(der, { end: '\\n' })],
    ['PEM with literal \\r\\n', pem(der, { end: '\\r\\n' })],
    ['PEM with \\n escaped twice', pem(der, { end: '\\\\n' })],
    ['PEM with \\ and a line end', pem(der, { end: '\\\n' })],
    ['PEM with lines between which an editor put U+2028', pem(der, { end: '\u2028' })],
    ['PEM with no-break spaces', pem(der, { end: '\u00a0' })],
    ['PEM labelled PKCS7', pem(der, { label: 'PKCS7' })],
    ['PEM labelled PKCS #7 SIGNED DATA', pem(der, { label: 'PKCS #7 SIGNED DATA' })],
    ['PEM labelled SIGNATURE', pem(der, { label: 'SIGNATURE' })],
    ['PEM labelled CERTIFICATE though it is a message', pem(der, { label: 'CERTIFICATE' })],
    ['PEM in a letter', `Құрметті әріптес, BEGIN ---\n-----\nҚолтаңба:\n${one}\n-- \nАйгүл -----\n`],
    ['PEM after its certificate', `${pem(certificate, { label: 'CERTIFICATE' })}${one}`],
    ['PEM before two certificates', `${one}${pem(certificate, { label: 'CERTIFICATE' }).repeat(2)}`],
    ['PEM of base64url', `-----BEGIN CMS-----\n${url}\n-----END CMS-----`],
    ['PEM in double quotes', JSON.stringify(one)],
    ['PEM in double quotes, lines as they are', `"${one}"`],
    ['PEM in single quotes', `'${pem(der, { end: '\\n' })}'`],
    ['base64 in quotes and white space', ` "${text}"\r\n`],
    ['base64 with \\/ for /', text.replaceAll('/', '\\/')],
    ['base64 with \\u002B and \\u003d', text.replaceAll('+', '\\u002B').replaceAll('=', '\\u003d')],
    ['base64 out of a form', encodeURIComponent(lines(text, '\r\n'))],
    ['base64url', url],
    ['base64url with padding', text.replaceAll('+', '-').replaceAll('/', '_')],
    ['base64 without its padding', text.replace(/=+$/, '')],
    ['base64 after a byte order mark', `\ufeff${text}`],
    ['base64 with a zero-width space', `${text.slice(0, 99)}\u200b${text.slice(99)}`],
    ['a data URI', `data:application/pkcs7-signature;base64,${text}`],
    ['a data URI without a type', `data:;base64,${text}`],
    ['a data URI with parameters, in capitals', `DATA:application/x;name="a b";BASE64,${text}`],
    ['a data URI of PEM', `data:application/x-pem-file;base64,${base64(one)}`],
    ['base64 of PEM', base64(one)],
    ['base64 of PEM with literal \\n', base64(pem(der, { end: '\\n' }))],
    ['base64url of PEM', Buffer.from(one).toString('base64url')],
    ['base64 of base64', base64(text)],
    ['base64 of base64 of base64', base64(base64(text))],
    ['base64 of PEM in a letter', base64(`Қолтаңба\n${one}`)],
    ['PEM of base64', `-----BEGIN CMS-----\n${base64(text)}\n-----END CMS-----`],
    ['an array of NCALayer', JSON.stringify([one])],
    ['an array of base64', JSON.stringify([text])],
    ['an array with spaces', `[ "${text}" ]`],
    ['an array of one array', JSON.stringify([[one]])],
    ['an answer of NCALayer', JSON.stringify({ status: true, body: { result: [one] } })],
    ['an answer of commonUtils', JSON.stringify({ code: '200', responseObject: one })],
    ['an answer with the certificate', JSON.stringify({ signatures: [one], certificate: 'MIIC' })],
    ['the body of a request', JSON.stringify({ signature: text })],
    ['a JSON string in a JSON string', JSON.stringify(JSON.stringify(one))],
    ['base64 of an array', base64(JSON.stringify([one]))],
    ['PEM as octets', bytes],
    ['PEM as octets after a byte order mark', Buffer.concat([Buffer.from('efbbbf', 'hex'), bytes])],
    ['UTF-16 with its mark', utf16(one, 'le', true)],
    ['UTF-16 of the other order', utf16(one, 'be', true)],
    ['UTF-16 without a mark', utf16(one, 'le', false)],
    ['UTF-16 of the other order without a mark', utf16(text, 'be', false)],
    ['UTF-16 read as if it were UTF-8', Buffer.from(utf16(text, 'le', false)).toString('utf8')],
    ['base64 of UTF-16', base64(utf16(one, 'le', true))],
    ['DER', der],
  ])('is read as %s', (_form, input) => {
    expect(outcome(input)).toBe(`asn1 ${Buffer.from(der).toString('hex')}`);
  });

  it.each<readonly [string, string | Uint8Array, string]>([
    ['nothing', '', 'FORMAT_UNRECOGNISED'],
    ['white space', ' \n\ufeff', 'FORMAT_UNRECOGNISED'],
    ['empty quotes', '""', 'FORMAT_UNRECOGNISED'],
    ['one quote', '"', 'FORMAT_UNRECOGNISED'],
    ['an empty array', '[]', 'FORMAT_UNRECOGNISED'],
    ['an array of two', JSON.stringify([text, text]), 'FORMAT_UNRECOGNISED'],
    ['an array of a number', '[5]', 'FORMAT_UNRECOGNISED'],
    ['an object without a known field', JSON.stringify({ file: text }), 'FORMAT_UNRECOGNISED'],
    ['a closed window of NCALayer', '{"status":true,"body":{}}', 'FORMAT_UNRECOGNISED'],
    ['hexadecimal digits', Buffer.from(der).toString('hex'), 'FORMAT_UNRECOGNISED'],
    ['a data URI that is not base64', `data:application/x,${text}`, 'FORMAT_UNRECOGNISED'],
    ['base64 four times over', base64(base64(base64(text))), 'FORMAT_UNRECOGNISED'],
    ['quotes without end', '"'.repeat(40) + text + '"'.repeat(40), 'FORMAT_UNRECOGNISED'],
    ['base64 of random octets', base64(Uint8Array.of(1, 2, 3, 4, 5, 6)), 'FORMAT_UNRECOGNISED'],
    ['base64 with a stray escape', `${text.slice(0, 40)}\\x${text.slice(40)}`, 'FORMAT_UNRECOGNISED'],
    ['base64 with padding in the middle', `AA==${text}`, 'FORMAT_UNRECOGNISED'],
    ['two signed messages', one.repeat(2), 'PEM_MALFORMED'],
    ['two certificates', pem(certificate, { label: 'CERTIFICATE' }).repeat(2), 'PEM_MALFORMED'],
    ['PEM that never ends', `-----BEGIN CMS-----\n${text}`, 'PEM_MALFORMED'],
    ['PEM that ends as something else', one.replace('END CMS', 'END PKCS7'), 'PEM_MALFORMED'],
    ['PEM with four dashes', one.replace('CMS-----', 'CMS----'), 'PEM_MALFORMED'],
    ['PEM with headers', one.replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n'), 'PEM_MALFORMED'],
    ['PEM without a label', one.replaceAll(' CMS', ''), 'PEM_MALFORMED'],
    ['PEM with a letter where base64 should be', one.replace('\n', '\nқ'), 'PEM_MALFORMED'],
    ['empty PEM', '-----BEGIN CMS----------END CMS-----', 'FORMAT_UNRECOGNISED'],
    ['a private key', pem(der, { label: 'PRIVATE KEY' }), 'FORMAT_NOT_A_SIGNATURE'],
    ['an encrypted private key', pem(der, { label: 'ENCRYPTED PRIVATE KEY' }), 'FORMAT_NOT_A_SIGNATURE'],
    ['an RSA key with headers', pem(der, { label: 'RSA PRIVATE KEY' }), 'FORMAT_NOT_A_SIGNATURE'],
    [
      'a private key after a signature',
      one + pem(der, { label: 'EC PRIVATE KEY' }),
      'FORMAT_NOT_A_SIGNATURE',
    ],
    ['a key whose PEM is damaged', '-----BEGIN PRIVATE KEY-----\n@@', 'FORMAT_NOT_A_SIGNATURE'],
    ['base64 of a private key', base64(pem(der, { label: 'PRIVATE KEY' })), 'FORMAT_NOT_A_SIGNATURE'],
  ])('is refused as %s', (_form, input, code) => {
    expect(outcome(input)).toBe(code);
  });

  it('says no word of what it was given when it refuses', () => {
    const secret = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';
    for (const input of [`-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`, `${secret}@`]) {
      try {
        readSignatureInput(input);
      } catch (error) {
        expect(String((error as Error).stack)).not.toContain(secret.slice(0, 8));
      }
    }
    expect.hasAssertions();
  });

  it('takes random octets out of any two wrappings', () => {
    const wrappings: readonly ((text: string) => string)[] = [
      (inner) => `"${inner}"`,
      (inner) => `["${inner}"]`,
      (inner) => `\ufeff ${inner}\r\n`,
      (inner) => `data:;base64,${base64(inner)}`,
      (inner) => base64(inner),
      (inner) => Buffer.from(inner).toString('base64url'),
      (inner) => `-----BEGIN CMS----- ${base64(inner)} -----END CMS-----`,
    ];
    const wrapping = fc.constantFrom(...wrappings);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), wrapping, wrapping, (octets, inner, outer) => {
        const signature = sequence(octetString(octets));
        const handed = outer(inner(base64(signature)));
        expect(Buffer.compare(readSignatureInput(handed), signature)).toBe(0);
        expect(Buffer.compare(readSignatureInput(utf16(handed, 'le', true)), signature)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('answers any text and any octets with a value or an EdsError', () => {
    const nasty = fc.stringMatching(/^[-"'[\]{}\\%BEGINd:,; =\nA<0]{0,60}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), nasty, fc.uint8Array({ maxLength: 80 })), (input) => {
        expect(outcome(input)).toMatch(/^(asn1|xml) |^[A-Z_1]+$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('does not write to what it was given, and gives a view that is no Buffer', () => {
    const forms = [bytes, utf16(one, 'le', true), new TextEncoder().encode(text), der];
    for (const form of forms) {
      const copy = Uint8Array.from(form);
      const read = readSignatureInput(form);
      expect(Buffer.isBuffer(read)).toBe(false);
      expect(Buffer.compare(form, copy)).toBe(0);
    }
    expect(readSignatureInput(der)).toBe(der);
  });

  it('gets through tens of megabytes of any shape, since nothing is looked at twice for each octet', () => {
    const size = 2_000_000;
    for (const piece of [
      '-',
      'BEGIN',
      ' -----BEGIN',
      '[',
      '"',
      '\\',
      '%41',
      '\\u0041',
      '{"a":',
      '\u2028',
      'A',
      '=',
    ]) {
      expect(outcome(piece.repeat(size / piece.length))).not.toMatch(/^asn1/);
    }
    const large = message(size);
    expect(readSignatureInput(pem(large, { end: '\\n' }))).toHaveLength(large.length);
    expect(readSignatureInput(JSON.stringify([base64(large)]))).toHaveLength(large.length);
  }, 60_000);
});

describe('a signed XML document as it was pasted', () => {
  const xml = '<?xml version="1.0" encoding="UTF-8"?>\n<құжат>мәтін</құжат>';
  const inUtf8 = (text: string): string => `xml ${Buffer.from(text, 'utf8').toString('hex')}`;

  it('is given as it stands where it came as octets, whatever its encoding', () => {
    const octets = Buffer.from(xml, 'utf8');
    const declared = Buffer.from('<?xml version="1.0" encoding="windows-1251"?><a>\xcf</a>', 'latin1');
    for (const form of [octets, declared, utf16(xml, 'le', true), utf16('<a/>', 'be', false)]) {
      const expected = `xml ${Buffer.from(form).toString('hex')}`;
      expect(outcome(form)).toBe(expected);
      expect(outcome(base64(form))).toBe(expected);
      expect(outcome(`data:text/xml;base64,${base64(form)}`)).toBe(expected);
      expect(outcome(base64(base64(form)))).toBe(expected);
    }
    const marked = Buffer.concat([Buffer.from('efbbbf0a', 'hex'), octets]);
    expect(outcome(marked)).toBe(`xml ${marked.toString('hex')}`);
  });

  it('is UTF-8 where it came as text, whatever its declaration says', () => {
    const read = inUtf8(xml.replace(' encoding="UTF-8"', ''));
    expect(outcome(xml)).toBe(read);
    expect(outcome(`\ufeff ${xml.replace('UTF-8', 'windows-1251')}\n`)).toBe(read);
    expect(outcome(JSON.stringify([xml]))).toBe(read);
    expect(outcome(JSON.stringify({ status: true, body: { result: [xml] } }))).toBe(read);
    expect(outcome('<a encoding="x">я</a>')).toBe(inUtf8('<a encoding="x">я</a>'));
  });

  it('is not what `readSignatureInput` reads', () => {
    expect(() => readSignatureInput(xml)).toThrow(expect.objectContaining({ code: 'FORMAT_UNRECOGNISED' }));
  });
});

(sharedMaterialPresent() ? describe : describe.skip)('a pasted shape that went wrong', () => {
  it('is read as the message it is, whichever of the three it is', () => {
    const [first, ...others] = ['40-pem-one-line', '43-base64-of-pem', '46-pem-literal-backslash-n'].map(
      (name) => readSignatureInput(sharedBytes(`cases/pem/${name}.txt`)),
    );
    for (const other of others) expect(Buffer.compare(other, first!)).toBe(0);
    expect(first![0]).toBe(0x30);
  });
});
