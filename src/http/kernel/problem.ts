/**
 * The one wall between our reasons and what the outside is told: a code of the catalogue as `application/problem+json` (RFC 9457). What is
 * not in the catalogue is `INTERNAL`.
 */
import { CATALOGUE, type Code, type Reasons } from '../../reasons/catalogue.js';
import { type Reason } from '../../reasons/reason.js';
import { type FieldFault, fieldFaultText } from '../../reasons/field-fault.js';
import { type Language } from '../../reasons/language.js';

export type ProblemCode = Code;

/** A field that is not as it should be. Never its value. */
export interface FieldProblem {
  readonly path: string;
  /** What it should be, in English. */
  readonly problem: string;
  /** What is wrong with it, for the other languages; absent: its value. */
  readonly fault?: FieldFault;
}

/** Members of the document beyond those every problem has. */
export interface ProblemExtensions {
  /** With `REQUEST_INVALID`: which fields, and what they should be. */
  readonly errors?: readonly FieldProblem[];
  /** With `ACCOUNT_CHOICE_REQUIRED`. */
  readonly choices?: readonly { readonly id: string; readonly name: string }[];
  /** With `PASSWORD_RULES_BROKEN`: every rule it breaks. */
  readonly broken?: readonly string[];
  /** With `OBLIGATIONS_PENDING`: what must be done first. */
  readonly obligations?: readonly string[];
  /** With `STEP_UP_REQUIRED`: the kind of operation. */
  readonly operation?: string;
  /** With `STEP_UP_REQUIRED`: the request to be signed, and what it does in words. */
  readonly sign?: object;
}

export interface ProblemDocument extends ProblemExtensions {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly requestId: string;
}

/** A refusal on its way out. Thrown by guards and routes; answered in one place. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly extensions: ProblemExtensions;
  /** Header fields that belong to the answer: `Allow`, `Retry-After`, `WWW-Authenticate`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    options: {
      readonly extensions?: ProblemExtensions;
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    // Only failures of ours are told with their story: to note where a refusal was thrown takes longer than the refusal.
    const framesMost = Error.stackTraceLimit;
    if (isRefusal(code)) Error.stackTraceLimit = 0;
    super(code, options.cause === undefined ? {} : { cause: options.cause });
    Error.stackTraceLimit = framesMost;
    this.code = code;
    this.extensions = options.extensions ?? {};
    this.headers = options.headers ?? {};
  }
}

function isRefusal(code: ProblemCode): boolean {
  const reason = CATALOGUE[code] as Reason | undefined;
  return reason !== undefined && reason.status < 500;
}

/** The document a reader of `language` gets. */
export function problemDocument(
  { code, extensions }: Pick<Problem, 'code' | 'extensions'>,
  reasons: Reasons,
  language: Language,
  requestId: string,
): ProblemDocument {
  const { status, texts } = reasons[code];
  const type = `urn:qaqpa:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  const { title, detail } = texts[language];
  const { errors, ...others } = extensions;
  return {
    type,
    title,
    status,
    detail,
    code,
    requestId,
    ...(errors === undefined ? {} : { errors: errors.map((error) => fieldProblem(error, language)) }),
    ...others,
  };
}

function fieldProblem({ path, problem, fault }: FieldProblem, language: Language): FieldProblem {
  return {
    path,
    problem: language === 'en' ? problem : fieldFaultText(fault ?? { kind: 'value' }, language),
  };
}
