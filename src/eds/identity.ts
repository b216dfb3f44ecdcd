import { UNREADABLE } from './asn1/strings.js';
import { type Certificate } from './certificate/certificate.js';
import { attributesOfType, attributeValues, type NameAttribute } from './certificate/name.js';
import { type ReasonCode } from './error.js';
import { NAME, USAGE } from './oid.js';
import { hasValidBinForm, hasValidIinForm } from './national-number.js';

/** Who the holder of a certificate is, as its subject and template OIDs say. Proved only as far as the certificate is. */
export interface Identity {
  /** `employee`: a person acting for an organisation, whatever their role in it; `organisation`: a BIN and no person. */
  readonly kind: 'individual' | 'employee' | 'information-system' | 'organisation';
  /** Surname, given name and patronymic, or the name of a system or an organisation. */
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

/** Who a certificate names, and what is to be said against it. */
export interface IdentityResult {
  /** A number that is missing, malformed or contradicted is `null`. */
  readonly identity: Identity;
  /** Why nobody can sign in with this certificate. The signer of a document is named all the same. */
  readonly problems: readonly ReasonCode[];
  /** `IDENTITY_IIN_CHECKSUM`, `IDENTITY_BIN_CHECKSUM`: numbers no register would give out, НУЦ РК's own tests among them. */
  readonly warnings: readonly ReasonCode[];
}

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
 */
export function readIdentity(certificate: Certificate): IdentityResult {
  const { subject } = certificate;
  const roles = rolesOf(certificate);
  const personal = readIin(attributesOfType(subject, NAME.serialNumber));
  const organisational = readBin(certificate, personal.number !== null);
  const [iin, bin] = [personal.number, organisational.number];
  const kind = kindOf(certificate, roles, personal, bin);
  const person = kind === 'information-system' || kind === 'organisation' ? NOBODY : personOf(certificate);
  const missing = personal.problem === 'MISSING' && kind === 'information-system';
  const problems: ReasonCode[] = [];
  if (personal.problem !== null && !missing) problems.push(`IDENTITY_IIN_${personal.problem}`);
  if (organisational.problem !== null) problems.push(`IDENTITY_BIN_${organisational.problem}`);
  const warnings: ReasonCode[] = [];
  if (iin !== null && !hasValidIinForm(iin)) warnings.push('IDENTITY_IIN_CHECKSUM');
  if (bin !== null && !hasValidBinForm(bin)) warnings.push('IDENTITY_BIN_CHECKSUM');
  const organisation = attributeValues(subject, NAME.organization)[0] ?? null;
  return {
    problems,
    warnings,
    identity: {
      kind,
      name: person.name ?? attributeValues(subject, NAME.commonName)[0] ?? organisation ?? '',
      surname: person.surname,
      givenName: person.givenName,
      patronymic: person.patronymic,
      iin,
      bin,
      organisation,
      roles,
      email: certificate.emails[0] ?? attributesOfType(subject, NAME.email).find(isSound)?.value ?? null,
    },
  };
}

/**
 * What kind of holder a certificate has. Systems before 2026 carry no template of systems but have a UID; a person has an IIN,
 * or a surname where the number is of another kind.
 */
function kindOf(
  { subject }: Certificate,
  roles: readonly string[],
  personal: NumberReading,
  bin: string | null,
): Identity['kind'] {
  if (roles.some((role) => SYSTEM_ROLES.includes(role))) return 'information-system';
  const person = personal.problem !== 'MISSING' || attributeValues(subject, NAME.surname).length > 0;
  if (person) return bin === null ? 'individual' : 'employee';
  if (bin === null) return 'individual';
  return attributeValues(subject, NAME.userId).length > 0 ? 'information-system' : 'organisation';
}

/** The names of the template OIDs a certificate carries; each system has its own arc below `information-system`. */
export function rolesOf({ extendedKeyUsage }: Certificate): readonly string[] {
  const roles = (extendedKeyUsage ?? []).map((oid) =>
    oid.startsWith(NAMED_SYSTEMS) ? 'information-system' : ROLES[oid],
  );
  return [...new Set(roles.filter((role) => role !== undefined))];
}

/** A number, or why there is none; a BIN may simply be missing. */
interface NumberReading<Problem = 'MISSING' | 'MALFORMED' | 'REPEATED'> {
  readonly number: string | null;
  readonly problem: Problem | null;
}

/** The IIN out of the subject's serial numbers. A stamp of another kind (BIN, passport, foreign) is no IIN, not a bad one. */
function readIin(stamps: readonly NameAttribute[]): NumberReading {
  const [stamp, second] = stamps;
  if (second !== undefined) return { number: null, problem: 'REPEATED' };
  const claimed = stamp !== undefined && (/IIN|^\s*\d{12}\s*$/i.test(stamp.value) || isLossy(stamp));
  if (!claimed) return { number: null, problem: 'MISSING' };
  const number = numberAfter('IIN', stamp);
  return { number, problem: number === null ? 'MALFORMED' : null };
}

/**
 * The BIN out of the organisational units; those without the prefix are departments. Where none has it and the certificate
 * names no person, it is looked for in the identity stamp and in organizationIdentifier (ETSI EN 319 412-1 §5.1.4), which
 * otherwise may only agree.
 */
function readBin({ subject }: Certificate, person: boolean): NumberReading<'MALFORMED' | 'REPEATED'> {
  const units = attributesOfType(subject, NAME.organizationalUnit).filter(
    (unit) => /^\s*BIN/i.test(unit.value) || (isLossy(unit) && /\d/.test(unit.value)),
  );
  const [unit, second] = units;
  if (second !== undefined) return { number: null, problem: 'REPEATED' };
  const hints = [
    ...attributesOfType(subject, NAME.serialNumber).map((stamp) => numberAfter('BIN', stamp)),
    ...attributesOfType(subject, NAME.organizationIdentifier).map((id) => numberAfter('NTRKZ-', id)),
  ].filter((number) => number !== null);
  const [hint = null] = hints;
  const number = unit === undefined ? hint : numberAfter('BIN', unit);
  const contradicted = hints.some((other) => other !== number);
  if ((unit !== undefined && number === null) || contradicted) return { number: null, problem: 'MALFORMED' };
  return { number: unit === undefined && person ? null : number, problem: null };
}

function numberAfter(prefix: string, attribute: NameAttribute): string | null {
  if (!isSound(attribute)) return null;
  return new RegExp(`^${prefix}(\\d{12})$`).exec(attribute.value)?.[1] ?? null;
}

function isSound({ repaired }: NameAttribute): boolean {
  return !repaired;
}

/** Octets of it are lost: nobody knows what it said. */
function isLossy({ value, repaired }: NameAttribute): boolean {
  return repaired && value.includes(UNREADABLE);
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
