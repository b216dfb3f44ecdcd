import { readCertificate } from '../certificate.js';
import { type LabKey } from '../lab-key.js';
import { OID } from '../oid.js';
import { type SignArguments } from './sign-arguments.js';

/** The keys NCALayer would offer for these arguments, in their order. */
export function offeredKeys(keys: readonly LabKey[], { filter, storages }: SignArguments): LabKey[] {
  if (!storages.includes('PKCS12')) return [];
  return keys.filter((key) => {
    const has = (type: string, value: string | null): boolean =>
      value === null || attribute(key, type).includes(value);
    return (
      has(OID.serialNumber, filter.iin && `IIN${filter.iin}`) &&
      has(OID.organisationalUnit, filter.bin && `BIN${filter.bin}`) &&
      (filter.serialNumber === null || sameNumber(key.facts.serialNumber, filter.serialNumber)) &&
      filter.extKeyUsageOids.every((purpose) => key.facts.keyUsages.includes(purpose)) &&
      issuedByOneOf(key, filter.chain)
    );
  });
}

/** The values of one attribute of the key's subject. */
export function attribute(key: LabKey, type: string): string[] {
  return key.facts.subjectAttributes.filter(([found]) => found === type).map(([, value]) => value);
}

const sameNumber = (one: string, other: string): boolean =>
  one.replace(/^0+/, '') === other.toLowerCase().replace(/[\s:]/g, '').replace(/^0+/, '');

function issuedByOneOf(key: LabKey, chain: readonly string[] | null): boolean {
  if (chain === null || chain.length === 0) return true;
  return chain.some((text) => {
    const base64 = text.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');
    try {
      const { subject } = readCertificate(new Uint8Array(Buffer.from(base64, 'base64')));
      return Buffer.compare(subject, key.facts.issuer) === 0;
    } catch {
      return false;
    }
  });
}
