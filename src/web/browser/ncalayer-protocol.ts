/**
 * The text frames of NCALayer's `kz.gov.pki.knca.basics`, as strings in and data out. Nothing here touches a socket.
 *
 * The protocol has no request ids: an answer belongs to the request before it, which is why a connection carries one.
 */
const LONGEST_SIGNATURE = 1_000_000;

export interface SignRequest {
  /** Base64 of the exact bytes to sign. */
  readonly data: string;
  /** Language of NCALayer's window. */
  readonly locale: string;
  /** Base64 CA certificates allowed as issuers; null leaves NCALayer's own trust, `[]` accepts any issuer. */
  readonly chain: readonly string[] | null;
}

/**
 * The request to sign `data` as an attached CMS. `decode` must be the boolean true, or the base64 text itself is signed. No
 * `tsaProfile`: a login is dated by its challenge and must not depend on a time-stamp server. No filter by key usage:
 * keys issued since 2023 carry no clientAuth, and a filter by it offers nothing to choose from.
 */
export function encodeSignRequest(request: SignRequest): string {
  return JSON.stringify({
    module: 'kz.gov.pki.knca.basics',
    method: 'sign',
    args: {
      format: 'cms',
      data: request.data,
      signingParams: { decode: true, encapsulate: true, digested: false },
      signerParams: request.chain === null ? {} : { chain: request.chain },
      locale: request.locale,
    },
  });
}

export type Frame =
  /** Sent once after connecting and as the answer to a heartbeat; it answers no request. */
  | { readonly kind: 'greeting' }
  /** Keep-alive and echoes; to be ignored. */
  | { readonly kind: 'noise' }
  | { readonly kind: 'signature'; readonly signature: string }
  | { readonly kind: 'cancelled' }
  /** The signing module is not installed. */
  | { readonly kind: 'module-missing' }
  /** An error of NCALayer with its own code, or an answer that cannot be one. */
  | { readonly kind: 'refused'; readonly code: string };

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** `result` is an array in NCALayer, a bare string in KAZTOKEN, an object with `signatures` when `outputCert` was asked. */
function signaturesOf(result: unknown): readonly unknown[] {
  if (Array.isArray(result)) return result;
  if (typeof result === 'string') return [result];
  const { signatures, signature } = fieldsOf(result);
  if (signatures !== undefined) return Array.isArray(signatures) ? signatures : [signatures];
  return signature === undefined ? [] : [signature];
}

function readSuccess(result: unknown): Frame {
  // A window closed by the person is reported as success without a result.
  const signatures = signaturesOf(result).filter((signature) => signature !== '' && signature != null);
  if (signatures.length === 0) return { kind: 'cancelled' };
  const [signature] = signatures;
  const plausible =
    signatures.length === 1 && typeof signature === 'string' && signature.length <= LONGEST_SIGNATURE;
  return plausible ? { kind: 'signature', signature } : { kind: 'refused', code: 'UNEXPECTED_RESULT' };
}

/** Codes are shown and sent nowhere but to the page; still nothing but a plain word is taken from a stranger's frame. */
function plainCode(code: unknown): string {
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'UNNAMED_ERROR';
}

/** Reads one text frame from NCALayer, KAZTOKEN or whatever else answers on that port. Never throws. */
export function readFrame(text: string): Frame {
  if (text.startsWith('--heartbeat--')) return { kind: 'noise' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { kind: 'refused', code: 'UNREADABLE_ANSWER' };
  }
  const frame = fieldsOf(parsed);
  const { status, success, code, errorCode, message } = frame;
  if (errorCode === 'MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return { kind: 'module-missing' };
  const words = [code, errorCode, message].filter((word) => typeof word === 'string').join(' ');
  if (status !== true && code !== '200' && /cancell?ed/i.test(words)) return { kind: 'cancelled' };
  if (status === true) return readSuccess(fieldsOf(frame['body'])['result'] ?? frame['responseObject']);
  if (status === false || success === false || code === '500') {
    return { kind: 'refused', code: plainCode(errorCode ?? code) };
  }
  if (code === '200') return readSuccess(frame['responseObject']);
  if (fieldsOf(frame['result'])['version'] !== undefined) return { kind: 'greeting' };
  return { kind: 'noise' };
}
