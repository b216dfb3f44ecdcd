/** What a challenge is about, where it is more than signing in: it stands in the text that is signed. */
import { createHash } from 'node:crypto';

/** One request that the person confirms, in the words they know it by. Every line has at most 300 characters. */
export interface OperationSubject {
  readonly kind: 'operation';
  /** Its stable name, for example `members.change`, and after a slash whatever it is bound to. */
  readonly id: string;
  /** What is going to happen, one line in each language. */
  readonly kk: string;
  readonly ru: string;
  /** For which organisation. */
  readonly organisation: string;
  /** On whom or what, in the order of its address. */
  readonly targets: readonly string[];
  /** What is to be so afterwards, a line each. */
  readonly values: readonly string[];
  /** SHA-256 of the request, lower-case hex. */
  readonly digest: string;
}

/** Terms that the person accepts: their text itself is signed. */
export interface TermsSubject {
  readonly kind: 'terms';
  /** Version of the terms and the language they are in, for example `2026-11-01/kk`. */
  readonly id: string;
  readonly documents: readonly {
    readonly title: string;
    /** SHA-256 of the UTF-8 of `text`, lower-case hex. */
    readonly sha256: string;
    readonly text: string;
  }[];
}

export type ChallengeSubject = OperationSubject | TermsSubject;

/** A caller's mistake: terms that must never become a text somebody signs. */
export class ChallengeError extends Error {
  override readonly name = 'ChallengeError';
  readonly code = 'CHALLENGE_TERMS_INVALID';
}

/** Longest text of all documents together, in octets: what fits into a signature that is sent back with its content. */
export const SUBJECT_MAX_OCTETS = 60_000;

/** Longest operation, in octets of the UTF-8 of its lines: a request of 16 KB and the names of what it is about. */
export const OPERATION_MAX_OCTETS = 32_000;

const ID = /^[a-z0-9][a-z0-9._-]{0,79}(?:\/[a-z]{2})?$/;
const OPERATION_ID = /^[a-z0-9][a-z0-9._-]{0,39}(?:\/[0-9a-zA-Z.-]{1,200})?$/;
const DIGEST = /^[0-9a-f]{64}$/;
const LINE_MAX = 300;
/** Room for a role with every permission it may have. */
const LINES_MAX = 100;
/** Control characters, separators of lines and paragraphs, and the marks that turn the direction of text around. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Short lines that name the subject, above the nonce. */
export function subjectLines(subject: ChallengeSubject): readonly string[] {
  if (subject.kind === 'operation') {
    return [
      `Ұйым / Организация: ${subject.organisation}`,
      `Әрекет: ${subject.kk}`,
      `Действие: ${subject.ru}`,
      ...subject.targets.map((target) => `Кімге, неге / С кем, с чем: ${target}`),
      ...subject.values.map((value) => `Мәні / Значение: ${value}`),
      `Әрекет коды / Код действия: ${subject.id.split('/')[0] ?? ''}`,
      `Сұраудың SHA-256 / SHA-256 запроса: ${subject.digest}`,
    ];
  }
  return [
    `Шарттардың нұсқасы / Версия условий: ${subject.id}`,
    ...subject.documents.map(({ title, sha256 }) => `Құжат / Документ: ${title}; SHA-256 ${sha256}`),
  ];
}

/** The documents word for word, below everything else. */
export function subjectEnclosure(subject: ChallengeSubject): readonly string[] {
  if (subject.kind === 'operation') return [];
  return subject.documents.flatMap(({ title, text }) => ['', `=== ${title} ===`, '', text.trimEnd(), '']);
}

/**
 * @throws ChallengeError for an identifier of another form, a line that is empty, long or unprintable, a document that is not
 *   the one its SHA-256 names, or more text than may be signed
 */
export function assertSubject(subject: ChallengeSubject): void {
  const form = subject.kind === 'operation' ? OPERATION_ID : ID;
  if (!form.test(subject.id)) throw new ChallengeError('the identifier of the subject is malformed');
  if (subject.kind === 'operation') {
    const { kk, ru, organisation, targets, values, digest } = subject;
    if (!DIGEST.test(digest)) throw new ChallengeError('the digest of the request is malformed');
    if (targets.length + values.length > LINES_MAX)
      throw new ChallengeError('the request has too many lines');
    const lines = [kk, ru, organisation, ...targets, ...values];
    for (const line of lines) assertLine(line);
    if (Buffer.byteLength(lines.join('\n')) > OPERATION_MAX_OCTETS)
      throw new ChallengeError('the request has too many words');
    return;
  }
  if (subject.documents.length === 0) throw new ChallengeError('there are no terms to accept');
  let octets = 0;
  for (const { title, sha256, text } of subject.documents) {
    assertLine(title);
    const bytes = Buffer.from(text, 'utf8');
    octets += bytes.length;
    if (UNPRINTABLE.test(text.replaceAll('\n', ' ')) || text.trim() === '') {
      throw new ChallengeError('a document of the terms holds characters that are not shown, or nothing');
    }
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new ChallengeError('a document of the terms is not the one its SHA-256 names');
    }
  }
  if (octets > SUBJECT_MAX_OCTETS) throw new ChallengeError('the terms are longer than may be signed');
}

/** A text as it may stand in a line: what is not shown is left out, what is too long is cut. */
export function asLine(text: string): string {
  const shown = text.replaceAll(new RegExp(UNPRINTABLE, 'gu'), ' ').replaceAll(/\s+/gu, ' ').trim();
  return shown.length > LINE_MAX ? `${shown.slice(0, LINE_MAX - 1)}…` : shown;
}

function assertLine(line: string): void {
  if (line.trim() === '' || line.length > LINE_MAX || UNPRINTABLE.test(line)) {
    throw new ChallengeError('a line of the subject is empty, too long or not printable');
  }
}
