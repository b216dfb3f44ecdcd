import { type Certificate } from './certificate/certificate.js';
import { attributeValues } from './certificate/name.js';
import { type ReasonCode } from './error.js';
import { NAME, USAGE } from './oid.js';
import { hasValidBinForm, hasValidIinForm } from './national-number.js';

/** Who the holder of a certificate is, as its subject and template OIDs say. Proved only as far as the certificate is. */
export interface Identity {
  /** `employee`: a person acting for an organisation, whatever their role in it. */
  readonly kind: 'individual' | 'employee' | 'information-system';
  /** Surname, given name and patronymic, or the name of a system. */
  readonly name: string;
  readonly surname: string | null;
  readonly givenName: string | null;
  readonly patronymic: string | null;
  /** Twelve digits. */
  readonly iin: string | null;
  readonly bin: string | null;
  readonly organisation: string | null;
  /** Names of the template OIDs in the certificate, in its order. */
  readonly roles: readonly string[];
  readonly email: string | null;
}

export type IdentityResult =
  | { readonly ok: true; readonly identity: Identity; readonly warnings: readonly ReasonCode[] }
  | { readonly ok: false; readonly code: ReasonCode };

/** Template OIDs of НУЦ РК (root.gov.kz/oid) and of the treasury, by the role they give. */
const ROLES: Readonly<Record<string, string>> = {
  '1.2.398.3.3.4.1.1': 'individual',
  '1.2.398.3.3.4.1.1.1': 'individual-information-system',
  '1.2.398.3.3.4.1.2': 'organisation',
  '1.2.398.3.3.4.1.2.1': 'head',
  '1.2.398.3.3.4.1.2.2': 'signing-right',
  '1.2.398.3.3.4.1.2.3': 'finance',
  '1.2.398.3.3.4.1.2.4': 'hr',
  '1.2.398.3.3.4.1.2.5': 'employee',
  '1.2.398.3.3.4.1.2.6': 'information-system',
  '1.2.398.3.3.4.2': 'nca',
  '1.2.398.3.3.4.2.1': 'nca-administrator',
  '1.2.398.3.3.4.2.2': 'nca-manager',
  '1.2.398.3.3.4.2.3': 'nca-operator',
  '1.2.398.3.3.4.3': 'identification',
  '1.2.398.3.3.4.3.1': 'identification-service-centre',
  '1.2.398.3.3.4.3.2': 'identification-remote',
  '1.2.398.3.3.4.3.2.1': 'digital-id',
  '1.2.398.3.3.4.3.2.2': 'ai-platform',
  '1.2.398.6.1.1.1.1': 'notary',
  [USAGE.treasuryClient]: 'treasury-client',
};
const NAMED_SYSTEMS = '1.2.398.3.3.4.1.2.6.';
const SYSTEM_ROLES: readonly string[] = ['information-system', 'individual-information-system'];

/**
 * Reads who the holder of a certificate is (nuc-rk profile). The order of the subject's attributes differs between profiles,
 * so nothing is taken by position; `IIN` and `BIN` have one strict form and stand at most once.
 *
 * @returns warnings `IDENTITY_IIN_CHECKSUM` and `IDENTITY_BIN_CHECKSUM` for numbers no register would give out (НУЦ РК's own
 *   test identities among them), or the reason why there is no identity to speak of
 */
export function readIdentity(certificate: Certificate): IdentityResult {
  const { subject } = certificate;
  const roles = rolesOf(certificate);
  const personal = readNumber(attributeValues(subject, NAME.serialNumber), 'IIN');
  if ('problem' in personal) return { ok: false, code: `IDENTITY_IIN_${personal.problem}` };
  // Organisational units without the prefix are departments.
  const units = attributeValues(subject, NAME.organizationalUnit).filter((unit) => /^\s*BIN/i.test(unit));
  const organisational = readNumber(units, 'BIN');
  if ('problem' in organisational) return { ok: false, code: `IDENTITY_BIN_${organisational.problem}` };
  const [iin, bin] = [personal.number, organisational.number];

  const system = roles.some((role) => SYSTEM_ROLES.includes(role)) || (iin === null && bin !== null);
  if (iin === null && !system) return { ok: false, code: 'IDENTITY_IIN_MISSING' };
  const person = system ? NOBODY : personOf(certificate);
  const warnings: ReasonCode[] = [];
  if (iin !== null && !hasValidIinForm(iin)) warnings.push('IDENTITY_IIN_CHECKSUM');
  if (bin !== null && !hasValidBinForm(bin)) warnings.push('IDENTITY_BIN_CHECKSUM');
  return {
    ok: true,
    warnings,
    identity: {
      kind: system ? 'information-system' : bin === null ? 'individual' : 'employee',
      name: person.name ?? attributeValues(subject, NAME.commonName)[0] ?? '',
      surname: person.surname,
      givenName: person.givenName,
      patronymic: person.patronymic,
      iin,
      bin,
      organisation: attributeValues(subject, NAME.organization)[0] ?? null,
      roles,
      email: certificate.emails[0] ?? attributeValues(subject, NAME.email)[0] ?? null,
    },
  };
}

/** The names of the template OIDs a certificate carries; each system has its own arc below `information-system`. */
export function rolesOf({ extendedKeyUsage }: Certificate): readonly string[] {
  const roles = (extendedKeyUsage ?? []).map((oid) =>
    oid.startsWith(NAMED_SYSTEMS) ? 'information-system' : ROLES[oid],
  );
  return [...new Set(roles.filter((role) => role !== undefined))];
}

type NumberReading = { readonly number: string | null } | { readonly problem: 'MALFORMED' | 'REPEATED' };

function readNumber(values: readonly string[], prefix: 'IIN' | 'BIN'): NumberReading {
  const [value, second] = values;
  if (value === undefined) return { number: null };
  if (second !== undefined) return { problem: 'REPEATED' };
  const number = new RegExp(`^${prefix}(\\d{12})$`).exec(value)?.[1];
  return number === undefined ? { problem: 'MALFORMED' } : { number };
}

interface Person {
  readonly name: string | null;
  readonly surname: string | null;
  readonly givenName: string | null;
  readonly patronymic: string | null;
}

const NOBODY: Person = { name: null, surname: null, givenName: null, patronymic: null };

/** CN is surname and given name; the attribute called givenName holds the patronymic. */
function personOf({ subject }: Certificate): Person {
  const commonName = attributeValues(subject, NAME.commonName)[0]?.trim() ?? '';
  const surname = attributeValues(subject, NAME.surname)[0]?.trim() ?? null;
  const patronymic = attributeValues(subject, NAME.givenName)[0]?.trim() ?? null;
  const begins = surname !== null && commonName.startsWith(`${surname} `);
  const givenName = begins ? commonName.slice(surname.length).trim() : null;
  return {
    name: [commonName, patronymic].filter((part) => part !== null && part !== '').join(' '),
    surname,
    givenName: givenName === '' ? null : givenName,
    patronymic,
  };
}
