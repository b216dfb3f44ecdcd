/**
 * The text a person signs. Keys of НУЦ РК serve login and signing alike, so the bytes themselves must say what they are for: the
 * first line is a domain separator of the purpose, and whoever verifies documents refuses anything that begins with one.
 */
import { CHALLENGE_MARKERS } from '../eds/challenge-marker.js';
import {
  assertSubject,
  ChallengeError,
  type ChallengeSubject,
  subjectEnclosure,
  subjectLines,
} from './subject.js';

/** Version of the format of every purpose. */
const VERSION = 1;

/** Longest life of a challenge (design decision 3). */
export const CHALLENGE_MAX_LIFETIME_MS = 5 * 60_000;

export const CHALLENGE_PURPOSES = ['login', 'registration', 'terms', 'step-up'] as const;
export type ChallengePurpose = (typeof CHALLENGE_PURPOSES)[number];

export interface ChallengeTerms {
  /** Serialised origin of the gateway (RFC 6454 §6.2), for example `https://login.example.kz`. */
  readonly origin: string;
  readonly purpose: ChallengePurpose;
  /** `null` for a login; terms for a registration or an acceptance; an operation for a step-up. */
  readonly subject: ChallengeSubject | null;
  /** 256 random bits, base64url without padding. */
  readonly nonce: string;
  /** Whole seconds. */
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

interface Wording {
  /** What signing means, in Kazakh and in Russian. */
  readonly meaning: readonly [string, string];
  readonly purpose: readonly [string, string];
  /** What it means where the address is another. */
  readonly danger: readonly [string, string];
  readonly subject: ChallengeSubject['kind'] | null;
}

const WORDING: Readonly<Record<ChallengePurpose, Wording>> = {
  login: {
    meaning: [
      'Осы мәтінге қол қойып, сіз тек төмендегі сайтқа кіресіз. Бұл құжат та, шарт та емес.',
      'Подписывая этот текст, вы только входите на указанный ниже сайт. Это не документ и не договор.',
    ],
    purpose: ['сайтқа кіру', 'вход на сайт'],
    danger: ['сіздің атыңыздан біреу кіргелі тұр', 'кто-то входит от вашего имени'],
    subject: null,
  },
  registration: {
    meaning: [
      'Осы мәтінге қол қойып, сіз төмендегі сайтта тіркелесіз және осы мәтіндегі шарттарды қабылдайсыз.',
      'Подписывая этот текст, вы регистрируетесь на указанном ниже сайте и принимаете условия, приведённые в этом тексте.',
    ],
    purpose: ['тіркелу', 'регистрация'],
    danger: ['сіздің атыңыздан біреу тіркелгелі тұр', 'кто-то регистрируется от вашего имени'],
    subject: 'terms',
  },
  terms: {
    meaning: [
      'Осы мәтінге қол қойып, сіз төмендегі сайттың осы мәтіндегі шарттарын қабылдайсыз.',
      'Подписывая этот текст, вы принимаете условия указанного ниже сайта, приведённые в этом тексте.',
    ],
    purpose: ['шарттарды қабылдау', 'принятие условий'],
    danger: ['сіздің атыңыздан біреу шарттарды қабылдағалы тұр', 'кто-то принимает условия от вашего имени'],
    subject: 'terms',
  },
  'step-up': {
    meaning: [
      'Осы мәтінге қол қойып, сіз төмендегі сайттағы тек осы бір әрекетті, бір рет растайсыз.',
      'Подписывая этот текст, вы подтверждаете на указанном ниже сайте только одно это действие, один раз.',
    ],
    purpose: ['әрекетті растау', 'подтверждение действия'],
    danger: ['сіздің атыңыздан біреу әрекет еткелі тұр', 'кто-то действует от вашего имени'],
    subject: 'operation',
  },
};

/**
 * Writes the text for the given terms: UTF-8, LF line ends, no byte order mark.
 *
 * @throws ChallengeError for an origin that is not in its serialised form, a nonce of another size, a time that is not a whole
 *   second, a life outside 1 s … 5 min, or a subject that does not fit the purpose or its bounds
 */
export function writeChallengeText(terms: ChallengeTerms): string {
  assertTerms(terms);
  const { purpose, subject } = terms;
  const { meaning, purpose: name, danger } = WORDING[purpose];
  return [
    `${CHALLENGE_MARKERS[purpose]}${VERSION}`,
    '',
    ...meaning,
    '',
    `Сайт: ${terms.origin}`,
    `Мақсаты / Цель: ${name.join(' / ')} (${purpose})`,
    ...(subject === null ? [] : subjectLines(subject)),
    `Бір реттік код / Одноразовый код: ${terms.nonce}`,
    `Жасалған уақыты / Создано: ${rfc3339(terms.issuedAt)}`,
    `Жарамдылық мерзімі / Действует до: ${rfc3339(terms.expiresAt)}`,
    '',
    `Назар аударыңыз! Браузеріңіздегі сайттың мекенжайы басқа болса, қол қоймаңыз: ${danger[0]}.`,
    `Внимание! Если в адресной строке браузера другой сайт, не подписывайте: ${danger[1]}.`,
    ...(subject === null ? [] : subjectEnclosure(subject)),
    '',
  ].join('\n');
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
  if ((terms.subject?.kind ?? null) !== WORDING[terms.purpose].subject) {
    throw new ChallengeError('the subject does not belong to this purpose');
  }
  if (terms.subject !== null) assertSubject(terms.subject);
}

function isSerialisedOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === origin;
}

function rfc3339(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}
