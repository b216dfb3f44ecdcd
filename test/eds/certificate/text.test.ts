import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Certificate, parseCertificate } from '../../../src/eds/certificate/certificate.js';
import { attributeValues, formatName, sameName } from '../../../src/eds/certificate/name.js';
import { EdsError } from '../../../src/eds/error.js';
import { readIdentity } from '../../../src/eds/identity.js';
import {
  bitString,
  boolean,
  concat,
  contextPrimitive,
  extension,
  integer,
  octetString,
  oid,
  sequence,
  tlv,
  utf8String,
} from '../../../src/lab/der.js';
import { createLaboratory, type Laboratory } from '../../../src/lab/index.js';
import { OID } from '../../../src/lab/oid.js';
import { forgeCertificate } from '../cms/forge-message.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

let lab: Laboratory;
beforeAll(async () => {
  lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
});

const rdn = (type: string, value: Uint8Array): Uint8Array => tlv(0x31, sequence(oid(type), value));

async function certify(
  subject: readonly Uint8Array[],
  extensions: readonly Uint8Array[] = [],
): Promise<Certificate> {
  return parseCertificate(
    (await forgeCertificate(lab, { subject: sequence(...subject), extensions })).certificate,
  );
}

async function codeOf(
  subject: readonly Uint8Array[],
  extensions: readonly Uint8Array[] = [],
): Promise<string> {
  try {
    await certify(subject, extensions);
  } catch (error) {
    if (error instanceof EdsError) return error.code;
    throw error;
  }
  return 'read';
}

const organisation = (certificate: Certificate): readonly string[] =>
  attributeValues(certificate.subject, OID.organisation);

describe('text in a name', () => {
  it.each([
    ['UTF-8', 0x0c, text('ТОО'), 'ТОО'],
    ['ASCII', 0x13, text('LLP'), 'LLP'],
    ['Latin-1 in a TeletexString', 0x14, Uint8Array.of(0x47, 0xfc), 'Gü'],
    ['UTF-16', 0x1e, Uint8Array.of(0x04, 0x22, 0x04, 0x1e), 'ТО'],
    ['UTF-32', 0x1c, Uint8Array.of(0, 0, 4, 0x22), 'Т'],
    ['nothing', 0x0c, new Uint8Array(0), ''],
  ])('is read as it stands: %s', async (_what, tag, octets, value) => {
    const certificate = await certify([rdn(OID.organisation, tlv(tag, octets))]);
    expect([organisation(certificate), certificate.unreadable]).toEqual([[value], []]);
  });

  it.each([
    ['UTF-8 in a PrintableString', 0x13, text('ТОО «Тест»'), 'ТОО «Тест»'],
    ['UTF-8 in an IA5String', 0x16, text('почта@пример.kz'), 'почта@пример.kz'],
    ['UTF-8 in a NumericString', 0x12, text('№ 1'), '№ 1'],
    ['UTF-8 in a VisibleString', 0x1a, text('ё'), 'ё'],
    ['UTF-8 in a TeletexString', 0x14, text('ТОО'), 'ТОО'],
    ['windows-1251 in a PrintableString', 0x13, Uint8Array.of(0x41, 0xd2, 0xce), 'A\ufffd\ufffd'],
    ['UTF-8 cut in a character', 0x0c, text('ТОО').slice(0, 5), 'ТО\ufffd'],
    ['windows-1251 in a UTF8String', 0x0c, Uint8Array.of(0xd2, 0xce, 0xce), '\ufffd\ufffd\ufffd'],
    ['a surrogate in UTF-8', 0x0c, Uint8Array.of(0xed, 0xa0, 0x80), '\ufffd\ufffd\ufffd'],
    ['an overlong zero in UTF-8', 0x0c, Uint8Array.of(0xc0, 0x80), '\ufffd\ufffd'],
    ['an odd octet of UTF-16', 0x1e, Uint8Array.of(0x04, 0x22, 0x04), 'Т\ufffd'],
    ['half a surrogate pair', 0x1e, Uint8Array.of(0xd8, 0x00), '\ufffd'],
    ['three octets of UTF-32', 0x1c, Uint8Array.of(0, 0, 4, 0x22, 0, 0, 4), 'Т\ufffd'],
    ['a character beyond UTF-32', 0x1c, Uint8Array.of(0, 0x11, 0, 0), '\ufffd'],
  ])('is mended and marked: %s', async (_what, tag, octets, value) => {
    const certificate = await certify([rdn(OID.organisation, tlv(tag, octets))]);
    expect([organisation(certificate), certificate.unreadable]).toEqual([[value], [OID.organisation]]);
    expect(formatName(certificate.subject)).toContain('O=');
  });

  it('is compared by its octets, never by what was made of them', async () => {
    const [one, other] = [
      await certify([rdn(OID.organisation, tlv(0x13, Uint8Array.of(0xd2)))]),
      await certify([rdn(OID.organisation, tlv(0x13, Uint8Array.of(0xd3)))]),
    ];
    expect(organisation(one)).toEqual(organisation(other));
    expect(sameName(one.subject, other.subject)).toBe(false);
  });

  it('may be long, and may be no text at all', async () => {
    const long = 'Ж'.repeat(10_000);
    expect(organisation(await certify([rdn(OID.organisation, utf8String(long))]))).toEqual([long]);
    expect(organisation(await certify([rdn(OID.organisation, integer(5))]))).toEqual(['#020105']);
  });

  it.each([
    ['an attribute without a value', tlv(0x31, sequence(oid(OID.organisation)))],
    ['an attribute with two values', tlv(0x31, sequence(oid(OID.organisation), integer(1), integer(2)))],
    ['a type that is no identifier', tlv(0x31, sequence(integer(1), utf8String('ТОО')))],
    [
      'an identifier with a padded arc',
      tlv(0x31, sequence(tlv(6, Uint8Array.of(0x80, 1)), utf8String('ТОО'))),
    ],
    [
      'a value longer than its attribute',
      tlv(0x31, tlv(0x30, oid(OID.organisation), Uint8Array.of(0x0c, 9))),
    ],
    ['an empty part', tlv(0x31)],
  ])('needs its structure: %s', async (_what, part) => {
    expect(await codeOf([part])).toMatch(/CERTIFICATE_MALFORMED|ASN1_TRUNCATED/);
  });
});

describe('an extension that decides nothing', () => {
  const mail = (value: Uint8Array): Uint8Array => contextPrimitive(1, value);

  it('gives the e-mail addresses that are ASCII, and marks the others', async () => {
    const names = sequence(
      mail(text('почта@пример.kz')),
      mail(text('a@example.kz')),
      mail(Uint8Array.of(0xff)),
    );
    const certificate = await certify([], [extension('2.5.29.17', names)]);
    expect(certificate).toMatchObject({ emails: ['a@example.kz'], unreadable: ['2.5.29.17'] });
  });

  it.each([
    ['subjectAltName', '2.5.29.17', integer(1)],
    ['subjectAltName', '2.5.29.17', Uint8Array.of(0x30, 0x7f)],
    ['subjectAltName', '2.5.29.17', new Uint8Array(0)],
    ['certificatePolicies', '2.5.29.32', sequence()],
    ['certificatePolicies', '2.5.29.32', sequence(sequence(integer(1)))],
    ['subjectKeyIdentifier', '2.5.29.14', integer(1)],
    ['subjectKeyIdentifier', '2.5.29.14', Uint8Array.of(0x04, 0x14)],
    ['authorityKeyIdentifier', '2.5.29.35', octetString(Uint8Array.of(1))],
  ])('may be malformed, unless it is critical: %s', async (_name, id, value) => {
    expect((await certify([], [extension(id, value)])).unreadable).toEqual([id]);
    expect(await codeOf([], [extension(id, value, true)])).toMatch(/^(CERTIFICATE_MALFORMED|ASN1_)/);
  });

  it.each([
    ['authorityInfoAccess', '1.3.6.1.5.5.7.1.1', integer(1)],
    ['cRLDistributionPoints', '2.5.29.31', integer(1)],
    ['freshestCRL', '2.5.29.46', new Uint8Array(0)],
    [
      'a notice among the policies',
      '2.5.29.32',
      sequence(
        sequence(oid('1.2.3'), sequence(sequence(oid('1.3.6.1.5.5.7.2.2'), tlv(0x1e, Uint8Array.of(4))))),
      ),
    ],
    ['one that nobody knows', '1.2.3.4', Uint8Array.of(0xff)],
  ])('is not looked into at all: %s', async (_name, id, value) => {
    expect((await certify([], [extension(id, value)])).unreadable).toEqual([]);
  });
});

describe('what decides stays strict', () => {
  const basic = '2.5.29.19';

  it.each([
    ['basicConstraints of another type', extension(basic, integer(1))],
    ['basicConstraints with more in it', extension(basic, sequence(boolean(true), integer(0), integer(1)))],
    ['basicConstraints with a truth of its own', extension(basic, sequence(tlv(1, Uint8Array.of(1))))],
    ['basicConstraints in two', concat([extension(basic, sequence()), extension(basic, sequence())])],
    ['an extension without a value', sequence(oid('1.2.3'))],
  ])('%s', async (_what, bad) => {
    expect(await codeOf([], [bad])).toBe('CERTIFICATE_MALFORMED');
  });

  it.each(['261123110060Z', '2611231100000', '2611231100-00', '260230110000Z'])(
    'a time: %s',
    async (value) => {
      const { certificate } = await forgeCertificate(lab);
      const changed = Buffer.from(certificate);
      changed.write(value, changed.indexOf(Buffer.from('170d', 'hex')) + 2, 'latin1');
      expect(() => parseCertificate(changed)).toThrow(
        expect.objectContaining({ code: 'CERTIFICATE_MALFORMED' }),
      );
    },
  );

  it('a key in a BIT STRING that is not of whole octets', async () => {
    const { certificate } = await forgeCertificate(lab);
    const changed = Buffer.from(certificate);
    const at = changed.indexOf(Buffer.from(bitString(new Uint8Array(131)).slice(0, 3)));
    changed[at + 3] = 1;
    expect(() => parseCertificate(changed)).toThrow(EdsError);
  });
});

describe('an identity under odd octets', () => {
  const person = (...attributes: readonly Uint8Array[]): Promise<Certificate> =>
    certify([
      rdn(OID.commonName, utf8String('СЕРІКОВ АРМАН')),
      rdn(OID.surname, utf8String('СЕРІКОВ')),
      ...attributes,
    ]);
  const iin = rdn(OID.serialNumber, tlv(0x13, text('IIN900101307778')));

  it.each([
    ['an octet too many', concat([text('IIN900101307778'), Uint8Array.of(0xff)])],
    ['an octet before', concat([Uint8Array.of(0xff), text('IIN900101307778')])],
    ['an octet inside', concat([text('IIN90010'), Uint8Array.of(0xd0), text('1307778')])],
    ['a digit that is none', text('IIN90010130777٨')],
    ['a space that takes no place', text('IIN900101307778\u200b')],
    ['a mark in front', text('\ufeffIIN900101307778')],
  ])('has no IIN out of one with %s', async (_what, octets) => {
    for (const tag of [0x13, 0x0c, 0x14]) {
      const { identity, problems } = readIdentity(await person(rdn(OID.serialNumber, tlv(tag, octets))));
      expect([identity.iin, problems]).toEqual([null, ['IDENTITY_IIN_MALFORMED']]);
    }
  });

  it.each([
    ['an octet too many', concat([text('BIN200140000054'), Uint8Array.of(0xff)])],
    ['an octet before', concat([Uint8Array.of(0xff), text('BIN200140000054')])],
    ['an octet for a letter', concat([text('B'), Uint8Array.of(0xff), text('N200140000054')])],
    ['an octet inside', concat([text('BIN2001'), Uint8Array.of(0xd0), text('40000054')])],
  ])('has no BIN out of one with %s, and says so', async (_what, octets) => {
    for (const tag of [0x13, 0x0c]) {
      const { identity, problems } = readIdentity(
        await person(iin, rdn(OID.organisationalUnit, tlv(tag, octets))),
      );
      expect([identity.bin, problems]).toEqual([null, ['IDENTITY_BIN_MALFORMED']]);
    }
  });

  it('keeps both under an odd department, name or address', async () => {
    const certificate = await person(
      iin,
      rdn(OID.organisationalUnit, utf8String('BIN200140000054')),
      rdn(OID.organisationalUnit, tlv(0x13, text('Бухгалтерия'))),
      rdn(OID.organisation, tlv(0x0c, text('ТОО').slice(0, 5))),
      rdn('1.2.840.113549.1.9.1', tlv(0x16, text('почта@пример.kz'))),
    );
    expect(readIdentity(certificate)).toMatchObject({
      problems: [],
      identity: { iin: '900101307778', bin: '200140000054', organisation: 'ТО\ufffd', email: null },
    });
    expect(certificate.unreadable).toHaveLength(3);
  });
});
