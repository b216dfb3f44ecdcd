import { isObject, isStringArray, type JsonObject } from './protocol.js';

/** Storages NCALayer knows. The double holds everything in PKCS12. */
const STORAGES: readonly string[] = [
  'PKCS12',
  'JKS',
  'AKKaztokenStore',
  'AKKZIDCardStore',
  'AKEToken72KStore',
  'AKEToken5110Store',
  'AKJaCartaStore',
  'AKAKEYStore',
];

type SignFormat = 'cms' | 'xml' | 'raw';

/** Whose keys may be offered. Absent members do not filter. */
interface SignerFilter {
  readonly extKeyUsageOids: readonly string[];
  readonly iin: string | null;
  readonly bin: string | null;
  readonly serialNumber: string | null;
  /** null: NCALayer's own trust; empty: any issuer; otherwise only these (base64 or PEM). */
  readonly chain: readonly string[] | null;
}

/** Arguments of `sign` after validation. */
export interface SignArguments {
  readonly format: SignFormat;
  /** What is to be signed, decoded. */
  readonly data: readonly Uint8Array[];
  /** Several documents came as an array. */
  readonly many: boolean;
  readonly encapsulate: boolean;
  readonly digested: boolean;
  readonly timestamp: boolean;
  readonly allowExpired: boolean;
  readonly outputCertificate: boolean;
  readonly filter: SignerFilter;
  readonly storages: readonly string[];
}

/** Invalid arguments; the message is what NCALayer puts into `details`. */
export class SignArgumentsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SignArgumentsError';
  }
}

/** Validates `args` of kz.gov.pki.knca.basics sign. Throws SignArgumentsError. */
export function readSignArguments(args: unknown): SignArguments {
  const given = object('args', args);
  const format = given['format'];
  if (format !== 'cms' && format !== 'xml' && format !== 'raw') fail('format must be xml, cms or raw');
  const signingParams = object('signingParams', given['signingParams'] ?? {});
  const flag = (name: string): boolean => signingParams[name] === true;
  const documents = given['data'];
  const many = isStringArray(documents);
  if (!many && typeof documents !== 'string') fail('data must be a string or an array of strings');
  const list = many ? documents : [documents];
  if (list.length === 0 || list.some((item) => item === '')) fail('data must not be empty');
  return {
    format,
    data: list.map((item) => (flag('decode') ? decode(item) : new Uint8Array(Buffer.from(item, 'utf8')))),
    many,
    encapsulate: flag('encapsulate'),
    digested: flag('digested'),
    timestamp: signingParams['tsaProfile'] != null,
    allowExpired: flag('allowExpired'),
    outputCertificate: flag('outputCert'),
    filter: readFilter(object('signerParams', given['signerParams'] ?? {})),
    storages: readStorages(given['allowedStorages']),
  };
}

function readFilter(params: JsonObject): SignerFilter {
  const text = (name: string): string | null => {
    const value = params[name];
    if (value == null || value === '') return null;
    return typeof value === 'string' ? value : fail(`${name} must be a string`);
  };
  const purposes = params['extKeyUsageOids'] ?? [];
  const chain = params['chain'] ?? null;
  if (!isStringArray(purposes)) fail('extKeyUsageOids must be an array of strings');
  if (chain !== null && !isStringArray(chain)) fail('chain must be an array of certificates');
  return {
    extKeyUsageOids: purposes,
    chain,
    iin: text('iin'),
    bin: text('bin'),
    serialNumber: text('serialNumber'),
  };
}

function readStorages(value: unknown): readonly string[] {
  if (value == null) return STORAGES;
  if (!isStringArray(value)) fail('allowedStorages must be an array of strings');
  const unknown = value.find((storage) => !STORAGES.includes(storage));
  return unknown === undefined ? value : fail(`unknown storage ${unknown}`);
}

function decode(text: string): Uint8Array {
  const compact = text.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || compact.length % 4 !== 0) fail('data is not base64');
  return new Uint8Array(Buffer.from(compact, 'base64'));
}

const object = (name: string, value: unknown): JsonObject =>
  isObject(value) ? value : fail(`${name} must be an object`);

function fail(message: string): never {
  throw new SignArgumentsError(message);
}
