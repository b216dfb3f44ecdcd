import { toHex, toPem } from '../der.js';
import { type LabKey } from '../lab-key.js';
import { OID } from '../oid.js';
import { signXml } from '../xml/xmldsig.js';
import { attribute } from './key-filter.js';
import { commonUtilsAnswer, commonUtilsError, type JsonObject } from './protocol.js';
import { type NcalayerState } from './state.js';

export const COMMON_UTILS = 'kz.gov.pki.knca.commonUtils';

const CANCELLED = commonUtilsError('action.canceled');

/** Answers a request to the old module kz.gov.pki.knca.commonUtils, as far as the double has it. */
export async function answerCommonUtils(request: JsonObject, state: NcalayerState): Promise<unknown> {
  const method = String(request['method']);
  const args: readonly unknown[] = Array.isArray(request['args']) ? request['args'] : [];
  const mismatch = commonUtilsError(
    `java.lang.IllegalArgumentException: argument type mismatch. Method: ${method}`,
  );
  if (state.mode === 'cancel' || state.mode === 'cancel-message') return CANCELLED;
  // hardware tokens only, and the double has none
  if (method === 'getActiveTokens') return commonUtilsAnswer([]);
  if (method === 'getKeyInfo') {
    if (typeof args[0] !== 'string') return mismatch;
    const key = await state.choose(state.keys);
    return key ? commonUtilsAnswer(keyInfo(key)) : CANCELLED;
  }
  const sign = SIGNING_METHODS[method];
  if (!sign) return commonUtilsError(`java.lang.NoSuchMethodException: ${method}`);
  const [storage, keyType, data, attach = false] = args;
  const typed = [storage, keyType, data].every((value) => typeof value === 'string');
  if (!typed || typeof data !== 'string' || (sign.takesAttach && typeof attach !== 'boolean'))
    return mismatch;
  const key = await state.choose(state.keys.filter((candidate) => serves(candidate, keyType)));
  if (!key) return CANCELLED;
  return commonUtilsAnswer(await sign.make(key, data, attach === true, state));
}

interface SigningMethod {
  readonly takesAttach: boolean;
  make(key: LabKey, data: string, attach: boolean, state: NcalayerState): Promise<string>;
}

const SIGNING_METHODS: Readonly<Record<string, SigningMethod>> = {
  createCAdESFromBase64: {
    takesAttach: true,
    make: async (key, data, attach, { lab }) =>
      toPem('CMS', await lab.signCms(key, bytes(data), { detached: !attach })),
  },
  createCMSSignatureFromBase64: {
    takesAttach: true,
    make: async (key, data, attach, { lab }) =>
      toPem('CMS', await lab.signCms(key, bytes(data), { detached: !attach, timestamp: {} })),
  },
  createCAdESFromBase64Hash: {
    takesAttach: false,
    make: async (key, data, _, { lab }) =>
      toPem('CMS', await lab.signCms(key, bytes(data), { digested: true })),
  },
  signXml: { takesAttach: false, make: (key, data) => Promise.resolve(signXml(key, data)) },
};

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

/** AUTHENTICATION wants clientAuth, which keys since 2023 no longer have. */
function serves(key: LabKey, keyType: unknown): boolean {
  return key.facts.keyUsages.includes(keyType === 'AUTHENTICATION' ? OID.clientAuth : OID.emailProtection);
}

function keyInfo(key: LabKey): unknown {
  const { facts } = key;
  const name = (attributes: typeof facts.subjectAttributes): string =>
    attributes.map(([type, value]) => `${SHORT_NAMES[type] ?? type}=${value}`).join(',');
  return {
    alias: key.id,
    keyId: key.id,
    algorithm: key.algorithm === 'rsa-2048' ? 'RSA' : 'ECGOST34310',
    subjectCn: attribute(key, OID.commonName)[0] ?? '',
    subjectDn: name(facts.subjectAttributes),
    issuerCn: facts.issuerAttributes.find(([type]) => type === OID.commonName)?.[1] ?? '',
    issuerDn: name(facts.issuerAttributes),
    serialNumber: BigInt(`0x${facts.serialNumber}`).toString(),
    certNotBefore: String(facts.notBefore.getTime()),
    certNotAfter: String(facts.notAfter.getTime()),
    authorityKeyIdentifier: facts.authorityKeyIdentifier ? toHex(facts.authorityKeyIdentifier) : '',
    pem: key.certificatePem,
  };
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  [OID.commonName]: 'CN',
  [OID.surname]: 'SURNAME',
  [OID.serialNumber]: 'SERIALNUMBER',
  [OID.country]: 'C',
  [OID.organisation]: 'O',
  [OID.organisationalUnit]: 'OU',
  [OID.givenName]: 'G',
};
