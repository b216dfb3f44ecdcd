/** The gateway's JSON interface as the pages use it. Every way it can fail comes back as data. */
import { type OwnFailure, type StandIn, standInFor } from './state.js';

/** A failure with what the server said about it. */
export interface Refusal {
  /** What the page found out by itself, or that the gateway refused. */
  readonly failure: OwnFailure | 'refused';
  readonly code: string | null;
  /** With a refusal without a code: the one it is told as. */
  readonly standIn: StandIn | null;
  readonly requestId: string | null;
  /** What the server calls it, in the reader's language. */
  readonly title: string | null;
  /** What the server says to do, in the reader's language. */
  readonly detail: string | null;
  readonly retryAfterSeconds: number | null;
  /** Organisations to choose from, with `ACCOUNT_CHOICE_REQUIRED`. */
  readonly choices: readonly Choice[];
  /** Rules a new password breaks. */
  readonly broken: readonly string[];
}

export interface Choice {
  readonly id: string;
  readonly name: string;
}

export type Answer =
  | { readonly ok: true; readonly status: number; readonly body: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly status: number; readonly refusal: Refusal };

const PATIENCE_MS = 45_000;

const NOTHING_SAID = {
  code: null,
  standIn: null,
  requestId: null,
  title: null,
  detail: null,
  retryAfterSeconds: null,
  choices: [],
  broken: [],
} as const;

/** A failure that the page found out by itself. */
export function ownRefusal(failure: OwnFailure, code: string | null = null): Refusal {
  return { ...NOTHING_SAID, failure, code };
}

/** A refusal that no answer gave. */
export function standInRefusal(standIn: StandIn): Refusal {
  return { ...NOTHING_SAID, failure: 'refused', standIn };
}

/** What the server said, in one line; `null` where it said nothing. */
export function wordsOf({ title, detail }: Refusal): string | null {
  const words = [title, detail].filter((line) => line !== null).join(' ');
  return words === '' ? null : words;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function choicesOf(value: unknown): readonly Choice[] {
  return (Array.isArray(value) ? value : []).flatMap((candidate) => {
    const { id, name } = fieldsOf(candidate);
    return typeof id === 'string' && typeof name === 'string' ? [{ id, name }] : [];
  });
}

/** Reads a failed answer: problem+json of the gateway, or whatever a proxy in between sent. */
function readRefusal(response: Response, body: Readonly<Record<string, unknown>>): Refusal {
  const code = textOf(body['code']);
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return {
    failure: 'refused',
    code,
    standIn: code === null ? standInFor(response.status) : null,
    requestId: textOf(body['requestId']) ?? response.headers.get('X-Request-Id'),
    title: textOf(body['title']),
    detail: textOf(body['detail']),
    // Only a limit is worth waiting out; a service that is down may be asked again whenever the person likes.
    retryAfterSeconds:
      response.status === 429 && Number.isFinite(seconds) && seconds > 0
        ? Math.min(Math.ceil(seconds), 3600)
        : null,
    choices: choicesOf(body['choices']),
    broken: Array.isArray(body['broken']) ? body['broken'].map(String) : [],
  };
}

/** Calls the gateway with a JSON body. Network trouble is `offline`; a failed status is its problem document. */
export async function callGateway(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      headers: {
        Accept: 'application/json, application/problem+json',
        'Accept-Language': document.documentElement.lang,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    return { ok: false, status: 0, refusal: ownRefusal('offline') };
  }
  let parsed: unknown = null;
  try {
    parsed = response.status === 204 ? null : await response.json();
  } catch {
    // Not JSON: a proxy's page. The status says what there is to say.
  }
  const fields = fieldsOf(parsed);
  return response.ok
    ? { ok: true, status: response.status, body: fields }
    : { ok: false, status: response.status, refusal: readRefusal(response, fields) };
}
