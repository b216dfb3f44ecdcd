/**
 * The text frames of NCALayer's `kz.gov.pki.knca.basics`, as strings in and data out. Nothing here touches a socket.
 *
 * The protocol has no request ids: an answer belongs to the request before it, which is why a connection carries one.
 */
const LONGEST_SIGNATURE = 1_000_000;
/** Characters of a frame; a signature with room for the chain and the content around it. */
const LONGEST_FRAME = 4_000_000;
/** Characters of what NCALayer says about an error, as far as they are kept. */
const LONGEST_DETAILS = 300;

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
  /** Keep-alive; to be ignored. */
  | { readonly kind: 'noise' }
  | { readonly kind: 'signature'; readonly signature: string }
  /** The person closed the window. */
  | { readonly kind: 'cancelled' }
  /** The signing module is not installed. */
  | { readonly kind: 'module-missing' }
  /** An error of NCALayer with its own code, or an answer that cannot be one. `details` are its words, for a log and not for people. */
  | { readonly kind: 'refused'; readonly code: string; readonly details: string | null };

type Fields = Readonly<Record<string, unknown>>;

/** Codes with which NCALayer and the programs beside it report a closed window. */
const CANCELLED: ReadonlySet<string> = new Set([
  'action.canceled',
  'action.cancelled',
  'ACTION_CANCELED',
  'ACTION_CANCELLED',
  'USER_CANCELED',
  'USER_CANCELLED',
  'CANCELED',
  'CANCELLED',
  'CANCELED_BY_USER',
  'CANCELLED_BY_USER',
]);

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** `result` is an array in NCALayer, a bare string in KAZTOKEN, an object with `signatures` when `outputCert` was asked. */
function signaturesOf(result: unknown): readonly unknown[] {
  const wrapped = isFields(result) ? (result['signatures'] ?? result['signature'] ?? result) : result;
  return (Array.isArray(wrapped) ? wrapped : [wrapped]).filter((signature) => !isEmpty(signature));
}

/** Codes come as text or, in some programs, as a number. */
function codeOf({ code, errorCode }: Fields): string | null {
  const named = isEmpty(errorCode) ? code : errorCode;
  if (typeof named === 'number') return String(named);
  return typeof named === 'string' && named !== '' ? named : null;
}

/** What the frame says in words, bounded and in one line. */
function detailsOf({ message, details }: Fields): string | null {
  const words = [message, details].filter((text) => typeof text === 'string' && text !== '').join(': ');
  const line = words
    .slice(0, LONGEST_DETAILS)
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return line === '' ? null : line;
}

/** Codes are shown and sent nowhere but to the page; still nothing but a plain word is taken from a stranger's frame. */
function plainCode(code: string | null): string {
  return code !== null && /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'UNNAMED_ERROR';
}

function refuse(code: string, frame: Fields = {}): Frame {
  return { kind: 'refused', code, details: detailsOf(frame) };
}

/** A window closed by the person is reported as success without a result: an empty body, or none and not a word more. */
function isClosedWindow({ body, responseObject, result, ...rest }: Fields): boolean {
  if ([responseObject, result].some((value) => !isEmpty(value))) return false;
  if (isEmpty(body)) return detailsOf(rest) === null;
  return isFields(body) && Object.keys(body).every((key) => key === 'result');
}

/** Where NCALayer and its relatives put what was asked for. */
function resultOf({ body, responseObject, result }: Fields): unknown {
  const places = [isFields(body) ? body['result'] : undefined, responseObject, result];
  return places.find((value) => !isEmpty(value));
}

function readSuccess(frame: Fields): Frame {
  const signatures = signaturesOf(resultOf(frame));
  const [signature] = signatures;
  if (signature === undefined && frame['status'] === true && isClosedWindow(frame)) {
    return { kind: 'cancelled' };
  }
  const plausible =
    signatures.length === 1 && typeof signature === 'string' && signature.length <= LONGEST_SIGNATURE;
  return plausible ? { kind: 'signature', signature } : refuse('UNEXPECTED_RESULT', frame);
}

function readAnswer(frame: Fields): Frame {
  const { status, success, message } = frame;
  const code = codeOf(frame);
  if (code === 'MODULE_NOT_FOUND') return { kind: 'module-missing' };
  const succeeded = success !== false && (status === true || (status === undefined && code === '200'));
  if (succeeded && (code === null || code === '200' || !isEmpty(resultOf(frame)))) return readSuccess(frame);
  if ([code, message].some((word) => typeof word === 'string' && CANCELLED.has(word.trim()))) {
    return { kind: 'cancelled' };
  }
  if (code !== null && code !== '200') return refuse(plainCode(code), frame);
  return refuse(status === false || success === false ? 'UNNAMED_ERROR' : 'UNEXPECTED_RESULT', frame);
}

function isGreeting({ result, ...rest }: Fields): boolean {
  const answers = ['status', 'success', 'code', 'errorCode', 'body', 'responseObject'];
  return isFields(result) && !isEmpty(result['version']) && !answers.some((name) => rest[name] !== undefined);
}

/**
 * Reads one frame from NCALayer, KAZTOKEN or whatever else answers on that port. Never throws. What is neither a greeting nor a
 * keep-alive ends the waiting: the protocol has no second answer to wait for.
 *
 * @param data as the socket gives it; NCALayer sends nothing but text
 */
export function readFrame(data: unknown): Frame {
  if (typeof data !== 'string') return refuse('UNREADABLE_ANSWER');
  if (data.length > LONGEST_FRAME) return refuse('UNEXPECTED_RESULT');
  if (data.startsWith('--heartbeat--')) return { kind: 'noise' };
  let frame: unknown;
  try {
    frame = JSON.parse(data);
  } catch {
    return refuse('UNREADABLE_ANSWER');
  }
  if (!isFields(frame)) return refuse('UNEXPECTED_RESULT');
  if (Object.keys(frame).length === 0) return { kind: 'noise' };
  return isGreeting(frame) ? { kind: 'greeting' } : readAnswer(frame);
}
