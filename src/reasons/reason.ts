import { type Language } from './language.js';

/** Sentences with a full stop. `{name}` and `{name:one|few|many}` stand for numbers of the configuration (see `wording.ts`). */
export interface ReasonText {
  /** What happened, in one short sentence. */
  readonly title: string;
  /** What to do next. */
  readonly detail: string;
}

/** What a person or program is told. Several codes may share one situation: they differ for an operator, not for the reader. */
export interface Situation {
  readonly texts: Readonly<Record<Language, ReasonText>>;
  /**
   * Who can do something about it besides the caller: a manager of the organisation, the operators of the gateway, or the
   * certification authority. Absent: the caller alone.
   */
  readonly who?: 'manager' | 'operator' | 'authority';
  /** How a page says it. `calm`: nothing is wrong. `alarm`: the key, account or way is closed. Absent: a warning. */
  readonly tone?: 'calm' | 'alarm';
  /** The button a page offers: to the sign-in, to the registration, or the same page again. Absent: none but "try again". */
  readonly way?: 'sign-in' | 'register' | 'reload';
}

/** One stable code. */
export interface Reason extends Situation {
  /**
   * Of the HTTP answer. 401: what was shown does not prove who calls. 403: it does, and they may not. 409: start again. 422: it cannot be
   * judged at all. 503: nothing was decided, ask again later.
   */
  readonly status:
    400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 422 | 423 | 429 | 431 | 500 | 501 | 503;
  /** When it is answered, for operators and developers, in English without a full stop: docs/errors.md, docs/verdict.md, command line. */
  readonly meaning: string;
}
