import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodePem } from '../../../src/eds/asn1/pem.js';
import { integer, octetString } from '../../../src/eds/asn1/writer.js';
import { type Certificate, parseCertificate } from '../../../src/eds/certificate/certificate.js';
import { createCrlScanner, indexCrl, type CrlIndex } from '../../../src/eds/crl/index.js';
import { EdsError } from '../../../src/eds/error.js';
import { createLaboratory, encodeCrl } from '../../../src/lab/index.js';
import { startOpensslAuthority, type OpensslAuthority } from '../../support/openssl-authority.js';
import { sharedBytes, sharedMaterialPresent } from '../../support/shared-material.js';
import { extension, forgeList, listManyEntries, type ListedEntry, type ListForgery } from './forge-list.js';

const THIS_UPDATE = new Date('2026-06-01T00:00:00Z');
const NEXT_UPDATE = new Date('2026-06-02T03:00:00Z');
const NOTHING = 'nothing was thrown';

let authority: OpensslAuthority;
let stranger: OpensslAuthority;

beforeAll(() => {
  authority = startOpensslAuthority('Authority');
  stranger = startOpensslAuthority('Authority');
});

afterAll(() => {
  authority.close();
  stranger.close();
});

const list = (more: Partial<ListForgery> = {}): Uint8Array =>
  forgeList({ issuer: authority, thisUpdate: THIS_UPDATE, nextUpdate: NEXT_UPDATE, ...more });

function indexInPieces(der: Uint8Array, pieceLength: number): CrlIndex {
  const scanner = createCrlScanner();
  for (let offset = 0; offset < der.length; offset += pieceLength) {
    scanner.push(der.subarray(offset, offset + pieceLength));
  }
  return scanner.finish();
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof EdsError) return error.code;
    throw error;
  }
  return NOTHING;
}

/** A serial number no other index gives, spread as real ones are. */
function serialOf(index: number): string {
  const octets = Buffer.alloc(20);
  octets.writeUInt32BE(0x10000000 + index, 0);
  octets.writeUInt32BE(Math.imul(index, 2654435761) >>> 0, 16);
  return octets.toString('hex');
}

describe('a list made by OpenSSL', () => {
  const window = { lastUpdate: '20260601000000Z', nextUpdate: '20260602030000Z' };

  it('is read with its entries, reasons, number and window, and its signature holds', () => {
    const held = authority.issue('Held', 'person');
    const lost = authority.issue('Lost', 'person', { keyOf: held });
    const plain = authority.issue('Plain', 'person', { keyOf: held });
    authority.revoke(held, 'certificateHold');
    authority.revoke(lost, 'keyCompromise');
    authority.revoke(plain, 'unspecified');
    const crl = indexCrl(authority.crl(window));
    expect(crl).toMatchObject({
      thisUpdate: THIS_UPDATE,
      nextUpdate: NEXT_UPDATE,
      size: 3,
      number: 1n,
      baseNumber: null,
      scope: null,
      understood: true,
    });
    expect(crl.issuer.der).toEqual(authority.certificate.subject.der);
    expect(crl.find(held.certificate.serialNumber)).toEqual([{ revokedAt: expect.any(Date), reason: 6 }]);
    expect(crl.find(lost.certificate.serialNumber)).toEqual([{ revokedAt: expect.any(Date), reason: 1 }]);
    expect(crl.find(authority.certificate.serialNumber)).toEqual([]);
    expect(crl.find(plain.certificate.serialNumber)).toHaveLength(1);
    expect(crl.isSignedBy(authority.certificate.publicKey)).toBe(true);
    expect(crl.isSignedBy(stranger.certificate.publicKey)).toBe(false);
    expect(crl.isSignedBy(authority.certificate.publicKey)).toBe(true);
  });

  it.each(['sha256', 'sha384', 'sha512'])('signed with RSASSA-PSS and %s is verified', (digest) => {
    const pss = ['-md', digest, '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:-1'];
    const der = authority.crl({ ...window, arguments: pss });
    expect(indexCrl(der).isSignedBy(authority.certificate.publicKey)).toBe(true);
    expect(indexCrl(der).isSignedBy(stranger.certificate.publicKey)).toBe(false);
    for (const position of [der.length - 1, der.length - 100, der.length - 250]) {
      const flipped = Uint8Array.from(der);
      flipped[position] = flipped[position]! ^ 0x10;
      expect(indexCrl(flipped).isSignedBy(authority.certificate.publicKey)).toBe(false);
    }
  });

  it('signed with SHA-1 is read but counts as signed by nobody', () => {
    const der = authority.crl({ ...window, arguments: ['-md', 'sha1'] });
    expect(indexCrl(der).isSignedBy(authority.certificate.publicKey)).toBe(false);
  });
});

describe('the scanner', () => {
  const entries: readonly ListedEntry[] = [
    { serialNumber: '01', revokedAt: new Date('2020-02-29T23:59:59Z') },
    { serialNumber: 'ff00', revokedAt: new Date('2049-12-31T00:00:00Z'), reason: 10 },
    { serialNumber: serialOf(7), revokedAt: new Date('2050-01-01T00:00:00Z'), reason: 0 },
    {
      serialNumber: serialOf(8),
      revokedAt: new Date('1999-01-01T00:00:00Z'),
      reason: 6,
      extensions: [extension('1.2.3', octetString(new Uint8Array(300)))],
    },
  ];

  it('reads the same list whatever the pieces it comes in', () => {
    const der = list({ entries });
    for (const length of [1, 2, 3, 7, 64, 100, 101, der.length]) {
      const crl = indexInPieces(der, length);
      expect(crl.size).toBe(4);
      expect(crl.isSignedBy(authority.certificate.publicKey)).toBe(true);
      for (const { serialNumber, revokedAt, reason = null } of entries) {
        expect(crl.find(serialNumber)).toEqual([{ revokedAt, reason }]);
      }
    }
  });

  it('does not depend on pieces that are overwritten after they were given', () => {
    const der = list({ entries });
    const scanner = createCrlScanner();
    const piece = new Uint8Array(50);
    for (let offset = 0; offset < der.length; offset += piece.length) {
      const part = der.subarray(offset, offset + piece.length);
      piece.set(part);
      scanner.push(piece.subarray(0, part.length));
      piece.fill(0xaa);
    }
    const crl = scanner.finish();
    expect(crl.issuer.der).toEqual(authority.certificate.subject.der);
    expect(crl.isSignedBy(authority.certificate.publicKey)).toBe(true);
  });

  it('tells serial numbers with the same last octets, and of other lengths, apart', () => {
    const crl = indexCrl(
      list({
        entries: [
          { serialNumber: '0a11223344', revokedAt: THIS_UPDATE },
          { serialNumber: '0b11223344', revokedAt: NEXT_UPDATE },
          { serialNumber: '11223344', revokedAt: new Date('1980-01-01T00:00:00Z') },
        ],
      }),
    );
    expect(crl.find('0a11223344')).toEqual([{ revokedAt: THIS_UPDATE, reason: null }]);
    expect(crl.find('0b11223344')).toEqual([{ revokedAt: NEXT_UPDATE, reason: null }]);
    expect(crl.find('0c11223344')).toEqual([]);
    expect(crl.find('223344')).toEqual([]);
    expect(crl.find('00'.repeat(21))).toEqual([]);
  });

  it('keeps every entry of a serial number that is listed twice', () => {
    const twice = [
      { serialNumber: 'ab', revokedAt: THIS_UPDATE, reason: 6 },
      { serialNumber: 'ab', revokedAt: NEXT_UPDATE, reason: 1 },
    ];
    expect(indexCrl(list({ entries: twice })).find('ab')).toHaveLength(2);
  });

  it('indexes a hundred thousand entries, each to be found and no other', () => {
    const count = 100_000;
    const revokedAt = (index: number): Date => new Date(THIS_UPDATE.getTime() - index * 1_000);
    const reasonOf = (index: number): number | null => (index % 3 === 0 ? null : (index % 6) + 1);
    const big = list({
      listed: listManyEntries(count, (index) => ({
        serialNumber: serialOf(index),
        revokedAt: revokedAt(index),
        reason: reasonOf(index),
      })),
    });
    const crl = indexInPieces(big, 65_536);
    expect(crl.size).toBe(count);
    expect(crl.isSignedBy(authority.certificate.publicKey)).toBe(true);
    let wrong = 0;
    for (let index = 0; index < count; index += 1) {
      const [found, second] = crl.find(serialOf(index));
      const right =
        found?.reason === reasonOf(index) && found.revokedAt.getTime() === revokedAt(index).getTime();
      if (!right || second !== undefined) wrong += 1;
      if (crl.find(serialOf(count + index)).length > 0) wrong += 1;
    }
    expect(wrong).toBe(0);
  });

  it.each([
    ['an unknown critical extension of the list', [extension('1.2.3.4', integer(1), true)], []],
    ['an unknown critical extension of an entry', [], [extension('1.2.3.4', integer(1), true)]],
    ['another issuer for an entry, critical or not', [], [extension('2.5.29.29', integer(1))]],
  ])('marks a list with %s as not understood', (_name, extensions, ofEntry) => {
    const crl = indexCrl(
      list({ extensions, entries: [{ serialNumber: '01', revokedAt: THIS_UPDATE, extensions: ofEntry }] }),
    );
    expect(crl.understood).toBe(false);
  });

  it('understands freshestCRL even where it is critical', () => {
    const freshest = extension('2.5.29.46', octetString(Buffer.from('x')), true);
    expect(indexCrl(list({ extensions: [freshest] })).understood).toBe(true);
  });

  it.each<[string, NonNullable<ListForgery['withoutParameters']>]>([
    ['inside, as НУЦ РК writes since 2026', ['inner']],
    ['outside', ['outer']],
    ['at both places', ['inner', 'outer']],
  ])('takes an algorithm without parameters for the one with NULL: %s', (_name, withoutParameters) => {
    const der = list({ entries, withoutParameters });
    for (const length of [1, 64, der.length]) {
      const crl = indexInPieces(der, length);
      expect(crl.size).toBe(4);
      expect(crl.isSignedBy(authority.certificate.publicKey)).toBe(true);
      expect(crl.isSignedBy(stranger.certificate.publicKey)).toBe(false);
    }
  });

  it('reads what the laboratory writes in the dialect of 2026, signed with GOST R 34.10-2015', async () => {
    const lab = await createLaboratory({ now: () => THIS_UPDATE, algorithms: ['gost2015-512'] });
    const { issuing, root } = lab.hierarchy('gost2015-512');
    const revoked = { serialNumber: Buffer.from('0a0b', 'hex'), revokedAt: THIS_UPDATE, reasonCode: 1 };
    const content = { issuer: issuing, thisUpdate: THIS_UPDATE, nextUpdate: NEXT_UPDATE, number: 7 };
    const der = encodeCrl({ ...content, entries: [revoked], dialect: 'nca-2026' });
    expect(der).toHaveLength(encodeCrl({ ...content, entries: [revoked] }).length - 2);
    const crl = indexInPieces(der, 50);
    expect(crl.find('0a0b')).toEqual([{ revokedAt: THIS_UPDATE, reason: 1 }]);
    expect(crl.isSignedBy(parseCertificate(issuing.certificate).publicKey)).toBe(true);
    expect(crl.isSignedBy(parseCertificate(root.certificate).publicKey)).toBe(false);
  });

  it.each<[string, Partial<ListForgery>, string]>([
    [
      'another algorithm without parameters',
      { outerAlgorithm: '1.2.840.113549.1.1.12', withoutParameters: ['inner'] },
      'CRL_MALFORMED',
    ],
    ['a version 1 list with extensions', { version1: true }, 'CRL_MALFORMED'],
    ['two signature algorithms', { outerAlgorithm: '1.2.840.113549.1.1.12' }, 'CRL_MALFORMED'],
    ['an extension twice', { extensions: [extension('2.5.29.20', integer(2))] }, 'CRL_MALFORMED'],
    [
      'an unreadable number',
      { extensions: [extension('2.5.29.27', octetString(new Uint8Array()))] },
      'CRL_MALFORMED',
    ],
    [
      'a reason without meaning',
      { entries: [{ serialNumber: '01', revokedAt: THIS_UPDATE, reason: 11 }] },
      'CRL_MALFORMED',
    ],
    [
      'a serial number of 21 octets',
      { entries: [{ serialNumber: '01'.repeat(21), revokedAt: THIS_UPDATE }] },
      'CRL_MALFORMED',
    ],
    ['octets that are no name', { issuerName: integer(1) }, 'CRL_MALFORMED'],
    [
      'an element out of all proportion',
      { extensions: [extension('1.2.3', octetString(new Uint8Array(70_000)))] },
      'ASN1_TOO_LARGE',
    ],
  ])('refuses %s', (_name, more, code) => {
    expect(codeOf(() => indexCrl(list(more)))).toBe(code);
  });

  it('refuses a date that does not exist', () => {
    const der = Buffer.from(
      list({ entries: [{ serialNumber: '01', revokedAt: new Date('2024-02-29T00:00:00Z') }] }),
    );
    const position = der.indexOf('240229');
    for (const date of ['230229', '240230', '241301', '240001', '240100', '24010a']) {
      der.write(date, position);
      expect(codeOf(() => indexCrl(der))).toBe('CRL_MALFORMED');
    }
  });

  it('refuses a list wherever it is cut, and octets after it', () => {
    const der = list({ entries });
    for (let length = 0; length < der.length; length += 1) {
      expect(codeOf(() => indexCrl(der.subarray(0, length)))).toBe('ASN1_TRUNCATED');
    }
    const longer = new Uint8Array([...der, 0]);
    expect(codeOf(() => indexCrl(longer))).toBe('ASN1_TRAILING_BYTES');
    expect(codeOf(() => indexInPieces(longer, der.length))).toBe('ASN1_TRAILING_BYTES');
  });

  it('does not reserve memory for what a length claims', () => {
    const claim = Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30, 0x84, 0xff, 0xff, 0xff, 0xf0);
    expect(codeOf(() => indexCrl(claim))).toBe('ASN1_TRUNCATED');
    expect(codeOf(() => indexCrl(Uint8Array.of(0x30, 0x85, 1, 0, 0, 0, 0)))).toBe('ASN1_TOO_LARGE');
    expect(codeOf(() => indexCrl(Uint8Array.of(0x30, 0x80, 0, 0)))).toBe('ASN1_NOT_MINIMAL');
    expect(codeOf(() => indexCrl(Uint8Array.of(0x30, 0x81, 0x05)))).toBe('ASN1_NOT_MINIMAL');
  });

  it('throws nothing but its own errors and believes nothing that was changed', () => {
    const der = list({ entries });
    const mutated = fc
      .tuple(fc.nat(der.length - 1), fc.nat(255), fc.integer({ min: 1, max: 300 }))
      .map(([at, octet, length]) => ({ bytes: Uint8Array.from(der).fill(octet, at, at + 1), length }));
    const random = fc
      .tuple(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }))
      .map(([bytes, length]) => ({ bytes, length }));
    fc.assert(
      fc.property(fc.oneof(mutated, random), ({ bytes, length }) => {
        const readable = codeOf(() => indexCrl(bytes)) === NOTHING;
        expect(codeOf(() => indexInPieces(bytes, length)) === NOTHING).toBe(readable);
        if (!readable) return;
        const changed = Buffer.compare(bytes, der) !== 0;
        expect(indexCrl(bytes).isSignedBy(authority.certificate.publicKey)).toBe(!changed);
      }),
      { numRuns: 500 },
    );
  });
});

(sharedMaterialPresent() ? describe : describe.skip)('a real list of НУЦ РК', () => {
  const readIssuer = (): Certificate =>
    parseCertificate(decodePem(sharedBytes('certs/pinned/nca_gost2022_test.pem'))[0]!.der);

  it('is read and its GOST R 34.10-2015 signature verified', () => {
    const crl = indexInPieces(sharedBytes('vectors/crl-gost2015.crl'), 100);
    expect(crl).toMatchObject({
      size: 6,
      number: 4n,
      baseNumber: null,
      understood: true,
      thisUpdate: new Date('2022-07-27T11:26:06Z'),
      nextUpdate: new Date('2023-01-23T11:26:06Z'),
    });
    expect(crl.issuer.der).toEqual(readIssuer().subject.der);
    expect(crl.find('0fd51ba7059261ae60cc621f316db4ef0ef4ba14')).toEqual([
      { revokedAt: new Date('2022-07-27T10:13:19Z'), reason: 1 },
    ]);
    expect(crl.isSignedBy(readIssuer().publicKey)).toBe(true);
  });

  it('is not believed with an octet flipped anywhere, and not read when cut', () => {
    const der = sharedBytes('vectors/crl-gost2015.crl');
    const { publicKey } = readIssuer();
    for (let position = 0; position < der.length; position += 1) {
      expect(codeOf(() => indexCrl(der.subarray(0, position)))).toBe('ASN1_TRUNCATED');
      if (position % 5 !== 0) continue;
      const flipped = Uint8Array.from(der);
      flipped[position] = flipped[position]! ^ 0x01;
      let believed = false;
      codeOf(() => {
        believed = indexCrl(flipped).isSignedBy(publicKey);
      });
      expect(believed).toBe(false);
    }
  });
});
