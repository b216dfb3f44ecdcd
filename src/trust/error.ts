/** What can be wrong with a trust folder. One manifest may have several of these at once; all are reported together. */
export type TrustProblemCode =
  | 'MANIFEST_UNREADABLE'
  | 'MANIFEST_MALFORMED'
  | 'MANIFEST_DUPLICATE'
  | 'FILE_MISSING'
  | 'FILE_UNREADABLE'
  | 'PIN_MISMATCH'
  | 'DESCRIPTION_MISMATCH'
  | 'WINDOW_INVALID'
  | 'WINDOW_ENDED'
  | 'NOT_A_CA'
  | 'NOT_SELF_SIGNED'
  | 'SIGNATURE_INVALID'
  | 'ISSUER_MISSING'
  | 'TRUST_EMPTY'
  | 'CHANGE_CONFLICT'
  | 'CHANGE_INVALID';

export interface TrustProblem {
  readonly code: TrustProblemCode;
  /** The manifest entry's name, or the file's, where the problem belongs to one. */
  readonly entry: string | null;
  readonly message: string;
}

/** A trust folder or a change of it is refused. `problems` is never empty; nothing of the folder is trusted. */
export class TrustError extends Error {
  override readonly name = 'TrustError';
  readonly problems: readonly TrustProblem[];

  constructor(problems: readonly TrustProblem[], options?: { cause?: unknown }) {
    super(
      problems.map(({ entry, message }) => (entry === null ? message : `${entry}: ${message}`)).join('; '),
      options,
    );
    this.problems = problems;
  }
}

/** A `TrustError` with a single problem. */
export function trustError(
  code: TrustProblemCode,
  entry: string | null,
  message: string,
  cause?: unknown,
): TrustError {
  return new TrustError([{ code, entry, message }], cause === undefined ? {} : { cause });
}

/** The code of an error of the operating system, for example `ENOENT`; `null` for any other error. */
export function systemCode(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
