import { type VerificationReport } from '../eds/judgement/verdict.js';

/** An answer to a challenge, which must have been taken from its store before it is judged. */
export interface LoginQuestion {
  /** What NCALayer returned: a CMS SignedData, attached or detached, in any of the forms of `readInput`. */
  readonly signature: string;
  /** The exact octets that had to be signed. */
  readonly challenge: Uint8Array;
  readonly challengeIssuedAt: Date;
}

/** A document signature to be judged. */
export interface DocumentQuestion {
  /** A CMS SignedData or a signed XML document, in any of the forms of `readInput`. */
  readonly signature: string | Uint8Array;
  /** The signed content of a detached signature. */
  readonly content: Uint8Array | null;
  /** What it has to be. Default `auto`: either. */
  readonly format?: 'auto' | 'cms' | 'xml';
  /** Without a valid time-stamp it is not proved. Default: a time-stamp may be missing. */
  readonly requireTimestamp?: boolean;
}

/** What was found out about an answer to a challenge. */
export interface LoginVerdict {
  readonly report: VerificationReport;
  /** The signer's certificate as DER, the one whose SHA-256 the report names; `null` unless the report passed. */
  readonly certificate: Uint8Array | null;
}

/** Judges one answer to a challenge. */
export type JudgeLogin = (question: LoginQuestion) => Promise<LoginVerdict>;

/**
 * Where signatures are judged: in worker threads or, on one core, in turns with everything else. One question is one task under
 * exactly one trust set, whose version stands in the report. Input that cannot be read is a report too (`FORMAT_FAILURE` with its
 * code and no signature), never an error.
 */
export interface Verdicts {
  /**
   * Holds a place in the queue while `proceed` runs, so that a challenge is not used up for an answer nobody has time to judge.
   *
   * @param octets length of the signature that will be judged
   * @throws VerdictUnavailable `VERIFIER_BUSY` before `proceed` is called; what `judge` throws otherwise
   */
  withPlace<T>(octets: number, proceed: (judge: JudgeLogin) => Promise<T>): Promise<T>;
  /** @throws VerdictUnavailable */
  document(question: DocumentQuestion): Promise<VerificationReport>;
}

/** Why there is no verdict. None of them says anything about the signature. */
export type VerdictUnavailableCode =
  /** More questions wait than can be answered soon: come again in a moment. */
  | 'VERIFIER_BUSY'
  /** The gateway is stopping. */
  | 'VERIFIER_STOPPED'
  /** The thread that judged came to an end. */
  | 'VERIFIER_CRASHED'
  /** The verdict took longer than it may. */
  | 'VERIFIER_TIMEOUT'
  /** The verifier threw: a mistake of ours, kept as the cause. */
  | 'VERIFIER_FAILED';

/** There is no verdict, neither good nor bad. */
export class VerdictUnavailable extends Error {
  override readonly name = 'VerdictUnavailable';
  readonly code: VerdictUnavailableCode;

  constructor(code: VerdictUnavailableCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** What the verifier threw, as the reason why there is no verdict. */
export function unavailable(error: unknown): VerdictUnavailable {
  return error instanceof VerdictUnavailable
    ? error
    : new VerdictUnavailable('VERIFIER_FAILED', 'the verifier threw', { cause: error });
}
