/**
 * The text a person signs to sign in. Keys of НУЦ РК serve login and signing alike, so the bytes themselves must say which of
 * the two this is: the first line is a domain separator, and whoever verifies documents refuses anything that begins with it.
 */

/** Product, purpose and version of the format; the first line of every challenge and of nothing else. */
export const CHALLENGE_MARKER = 'QAQPA-LOGIN/1';

/** What every version of the format begins with, now and later. */
const MARKER_PREFIX = 'QAQPA-LOGIN/';
const MARKER_PREFIX_BASE64 = Buffer.from(MARKER_PREFIX, 'ascii').toString('base64');

/** Longest life of a challenge (design decision 3). */
export const CHALLENGE_MAX_LIFETIME_MS = 5 * 60_000;

export type ChallengePurpose = 'login';

export interface ChallengeTerms {
  /** Serialised origin of the gateway (RFC 6454 §6.2), for example `https://login.example.kz`. */
  readonly origin: string;
  readonly purpose: ChallengePurpose;
  /** 256 random bits, base64url without padding. */
  readonly nonce: string;
  /** Whole seconds. */
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** A caller's mistake: terms that must never become a text somebody signs. */
export class ChallengeError extends Error {
  override readonly name = 'ChallengeError';
  readonly code = 'CHALLENGE_TERMS_INVALID';
}

const PURPOSE_TEXT: Readonly<Record<ChallengePurpose, { readonly kk: string; readonly ru: string }>> = {
  login: { kk: 'сайтқа кіру', ru: 'вход на сайт' },
};

/**
 * Writes the text for the given terms: UTF-8, LF line ends, no byte order mark.
 *
 * @throws ChallengeError for an origin that is not in its serialised form, a nonce of another size, a time that is not a whole
 *   second, or a life outside 1 s … 5 min
 */
export function writeChallengeText(terms: ChallengeTerms): string {
  assertTerms(terms);
  const purpose = PURPOSE_TEXT[terms.purpose];
  return [
    CHALLENGE_MARKER,
    '',
    'Осы мәтінге қол қойып, сіз тек төмендегі сайтқа кіресіз. Бұл құжат та, шарт та емес.',
    'Подписывая этот текст, вы только входите на указанный ниже сайт. Это не документ и не договор.',
    '',
    `Сайт: ${terms.origin}`,
    `Мақсаты / Цель: ${purpose.kk} / ${purpose.ru} (${terms.purpose})`,
    `Бір реттік код / Одноразовый код: ${terms.nonce}`,
    `Жасалған уақыты / Создано: ${rfc3339(terms.issuedAt)}`,
    `Жарамдылық мерзімі / Действует до: ${rfc3339(terms.expiresAt)}`,
    '',
    'Назар аударыңыз! Браузеріңіздегі сайттың мекенжайы басқа болса, қол қоймаңыз: сіздің атыңыздан біреу кіргелі тұр.',
    'Внимание! Если в адресной строке браузера другой сайт, не подписывайте: кто-то входит от вашего имени.',
    '',
  ].join('\n');
}

/**
 * Tells whether content somebody signed is, or poses as, a login challenge of any version. Document verification refuses it.
 *
 * Looks at the first printable ASCII characters and skips everything before them, so byte order marks, white space, UTF-16
 * and UTF-32 do not hide the marker; upper and lower case are alike, and the marker in base64 counts too, because some
 * clients sign the base64 they were handed.
 */
export function isChallengeText(content: Uint8Array): boolean {
  let beginning = '';
  for (const octet of content) {
    if (octet > 0x20 && octet < 0x7f) {
      beginning += String.fromCharCode(octet);
      if (beginning.length === MARKER_PREFIX_BASE64.length) break;
    }
  }
  return beginning.toUpperCase().startsWith(MARKER_PREFIX) || beginning.startsWith(MARKER_PREFIX_BASE64);
}

function assertTerms(terms: ChallengeTerms): void {
  if (!isSerialisedOrigin(terms.origin)) throw new ChallengeError('the origin is not in its serialised form');
  if (!/^[A-Za-z0-9_-]{43}$/.test(terms.nonce))
    throw new ChallengeError('the nonce is not 256 bits of base64url');
  const [issued, expires] = [terms.issuedAt.getTime(), terms.expiresAt.getTime()];
  if (issued % 1000 !== 0 || expires % 1000 !== 0) throw new ChallengeError('times must be whole seconds');
  // Written so that an invalid date, which compares false with everything, is refused.
  if (!(expires > issued && expires - issued <= CHALLENGE_MAX_LIFETIME_MS)) {
    throw new ChallengeError('a challenge lives between one second and five minutes');
  }
}

function isSerialisedOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === origin;
}

function rfc3339(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}
