import { basicConstraints, emailAsTyped, type NameAttribute, type NameString } from '../certificate.js';
import { boolean, extension, octetString, sequence } from '../der.js';
import { type IssueRequest } from '../laboratory.js';
import { OID } from '../oid.js';

/** A way of writing a person's certificate: everything about it but the key. */
export type CertificateDialect = Omit<IssueRequest, 'algorithm'>;

/** A subject as НУЦ РК writes it, with each text as the given kind of string. */
function subject(as?: NameString, ...more: readonly NameAttribute[]): readonly NameAttribute[] {
  const texts: readonly (readonly [string, string])[] = [
    [OID.commonName, 'VYMYSHLENNY CHELOVEK'],
    [OID.surname, 'VYMYSHLENNY'],
    [OID.serialNumber, 'IIN900101300018'],
    [OID.country, 'KZ'],
  ];
  return [...texts.map(([type, value]): NameAttribute => (as ? [type, value, as] : [type, value])), ...more];
}

const organisation = { bin: '240140000017', organisation: 'ТОО "ЛАБ"' } as const;
const cyrillicEmail = 'почта@пример.kz';
/** In windows-1251, which is not UTF-8: «почта@пример.kz». */
const windows1251 = Uint8Array.from(Buffer.from('efeef7f2e040eff0e8ece5f02e6b7a', 'hex'));
const treasury = ['1.2.398.3.3.4.1.2', OID.treasuryClient];

/**
 * Certificates as НУЦ РК and others write them (profiles of 2018–2026), and the shapes RFC 5280 leaves open. Each is what it
 * is for every kind of key.
 */
export const CERTIFICATE_DIALECTS: Readonly<Record<string, CertificateDialect>> = {
  'nuc-2023': { kind: 'individual' },
  'nca-2026': { kind: 'individual', writing: { parameters: 'nca-2026' } },
  'parameters-absent': { kind: 'individual', writing: { parameters: 'absent' } },
  'parameters-outer-absent': { kind: 'individual', writing: { parameters: 'outer-absent' } },

  head: { kind: 'head', ...organisation },
  'signing-right-2024': {
    kind: 'signing-right',
    ...organisation,
    keyUsage: { bits: ['digitalSignature', 'nonRepudiation', 'keyAgreement'], critical: false },
    extendedKeyUsage: { purposes: [OID.emailProtection, `${OID.legalEntity}.2`], critical: true },
  },
  finance: { kind: 'finance', ...organisation },
  hr: { kind: 'hr', ...organisation },
  employee: { kind: 'employee', ...organisation },
  'information-system-2023': {
    kind: 'information-system',
    ...organisation,
    extendedKeyUsage: { purposes: [OID.legalEntity] },
  },
  'information-system-2026': { kind: 'information-system', ...organisation },
  'treasury-2018': {
    kind: 'employee',
    ...organisation,
    extendedKeyUsage: { purposes: treasury },
    extraSubject: [
      [OID.domainComponent, 'ROLE01', 'ia5'],
      [OID.businessCategory, 'KS1234567'],
    ],
  },
  'treasury-2023': {
    kind: 'employee',
    ...organisation,
    extendedKeyUsage: { purposes: [OID.emailProtection, ...treasury] },
  },
  'auth-2018': {
    kind: 'individual',
    keyUsage: { bits: ['digitalSignature', 'keyEncipherment'] },
    extendedKeyUsage: { purposes: [OID.clientAuth, OID.individual] },
  },
  'pilot-2022': {
    kind: 'individual',
    keyUsage: { bits: ['digitalSignature', 'nonRepudiation', 'keyEncipherment'] },
  },
  'key-usage-absent': { kind: 'individual', keyUsage: null },
  'extended-key-usage-absent': { kind: 'individual', extendedKeyUsage: null },

  'subject-2018': {
    kind: 'individual',
    subject: [
      [OID.country, 'KZ'],
      [OID.locality, 'АЛМАТЫ'],
      [OID.state, 'АЛМАТЫ'],
      [OID.serialNumber, 'IIN900101300018'],
      [OID.surname, 'ВЫМЫШЛЕННЫЙ'],
      [OID.commonName, 'ВЫМЫШЛЕННЫЙ ЧЕЛОВЕК'],
    ],
  },
  'subject-utf8': { kind: 'individual', subject: subject('utf8') },
  'subject-printable': { kind: 'individual', subject: subject('printable') },
  'subject-bmp': { kind: 'individual', subject: subject('bmp') },
  'subject-utf8-in-printable': {
    kind: 'individual',
    subject: subject(undefined, [OID.organisation, 'ТОО «ЛАБ»', 'utf8-in-printable']),
  },
  'subject-serial-number-bin': {
    kind: 'employee',
    ...organisation,
    subject: [
      [OID.commonName, 'ТОО "ЛАБ"'],
      [OID.serialNumber, 'BIN240140000017'],
      [OID.country, 'KZ'],
    ],
  },

  'email-san': { kind: 'individual', email: 'person@example.kz' },
  'email-san-utf8': {
    kind: 'individual',
    extensions: [emailAsTyped(new Uint8Array(Buffer.from(cyrillicEmail, 'utf8')))],
  },
  'email-san-windows-1251': { kind: 'individual', extensions: [emailAsTyped(windows1251)] },
  'email-subject': { kind: 'individual', subject: subject(undefined, [OID.email, 'a@example.kz', 'ia5']) },
  'email-subject-utf8': { kind: 'individual', subject: subject(undefined, [OID.email, cyrillicEmail]) },

  'key-identifiers-short': { kind: 'individual', keyIdentifiers: 'short' },
  'key-identifiers-absent': { kind: 'individual', keyIdentifiers: 'none' },
  'authority-named-in-full': { kind: 'individual', keyIdentifiers: 'full' },
  'false-written': { kind: 'individual', writing: { falseWritten: true } },
  'basic-constraints-empty': { kind: 'individual', extensions: [basicConstraints(false)] },
  'basic-constraints-false-written': {
    kind: 'individual',
    extensions: [extension(OID.basicConstraints, sequence(boolean(false)), true)],
  },
  'unknown-extension': {
    kind: 'individual',
    extensions: [extension('1.2.398.3.3.99', octetString(Uint8Array.of(1)))],
  },
  'unknown-critical-extension': {
    kind: 'individual',
    extensions: [extension('1.2.398.3.3.99', octetString(Uint8Array.of(1)), true)],
  },

  // GOST issuers have one scheme and write the same as ever
  'rsa-sha1-2018': { kind: 'individual', scheme: 'sha1' },
  'rsa-sha512': { kind: 'individual', scheme: 'sha512' },
  'rsa-pss': { kind: 'individual', scheme: 'pss' },

  'times-generalized': { kind: 'individual', writing: { times: 'generalized' } },
  'valid-after-2049': { kind: 'individual', notAfter: new Date('2051-01-01T00:00:00Z') },
  'serial-of-one-octet': { kind: 'individual', serialNumber: Uint8Array.of(0x05) },
  'serial-with-its-top-bit': {
    kind: 'individual',
    serialNumber: Uint8Array.from(Buffer.from('c0ffee0123456789abcdef0123456789abcdef01', 'hex')),
  },
  'serial-negative': { kind: 'individual', writing: { negativeSerial: true } },
};
