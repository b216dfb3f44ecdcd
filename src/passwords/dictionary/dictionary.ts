/**
 * The large dictionary of the gateway, beyond what the browser is sent: how many guesses a text takes that is put together from passwords
 * and words other people have (docs/decisions/0024).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { COMMON_WORDS } from '../rules/common-words.js';
import { fold, lower, skeleton } from '../rules/folding.js';
import { withoutMarks, withoutRepetition } from '../rules/guessable.js';
import { inOtherLayout } from '../rules/keyboard.js';
import { leastCost, type PartCosts } from '../rules/segmentation.js';
import { wordList } from '../rules/word-list.js';
import { WORDS_OF_KAZAKHSTAN } from './words-of-kazakhstan.js';

/** What takes fewer than 2^37 (1.4 · 10^11) guesses is found within months by who has the hash and one good graphics card. */
const ENOUGH_BITS = 37;

/** A guesser does not know what a password is made of: each part costs this besides. */
const PART_BITS = 1;
/** Words without a rank of their own count as the thousandth of a guesser's list. */
const UNRANKED_BITS = Math.log2(1000);
/** A key to begin with and a few directions. */
const RUN_BITS = 8;
const LETTER_BITS = Math.log2(26);
const DIGIT_BITS = Math.log2(10);
const MARK_BITS = Math.log2(32);
/** What people put between and behind words. */
const USUAL_MARKS = ' !.-_@*?';
const USUAL_MARK_BITS = Math.log2(USUAL_MARKS.length);
const YEAR_BITS = Math.log2(100);
const DATE_BITS = Math.log2(100 * 366);
const SHORTEST_WORD = 3;

const YEAR = /^(?:19[3-9]\d|20[0-4]\d)$/;
/** `DDMMYY`, `DDMMYYYY`, `YYMMDD`, `YYYYMMDD`. */
const DATE =
  /^(?:(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d\d|(?:19|20)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))$/;

export interface PasswordDictionary {
  /** Whether the text can be put together from known parts in fewer than 2^37 guesses. */
  isGuessable(text: string): boolean;
}

let loaded: Promise<PasswordDictionary> | null = null;

/** The dictionary, read by the first who asks and kept for the life of the process. */
export function loadPasswordDictionary(): Promise<PasswordDictionary> {
  loaded ??= readDictionary();
  return loaded;
}

async function readDictionary(): Promise<PasswordDictionary> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  // Some 80 ms of work in all, while others wait for answers.
  await nextTurn();
  const unranked = dictionary['diceware-common'];
  const entries = [
    ...dictionary['passwords-common'].map((word, place) => [word, Math.log2(place + 2)] as const),
    ...unranked.map((word) => [word, Math.log2(unranked.length)] as const),
    ...COMMON_WORDS.map((word) => [word, UNRANKED_BITS] as const),
    ...[...COMMON_WORDS, ...WORDS_OF_KAZAKHSTAN].map(
      (word) => [skeleton(fold(word)), UNRANKED_BITS] as const,
    ),
  ];
  await nextTurn();
  const long = entries.filter(([word]) => word.length >= SHORTEST_WORD);
  const parts: PartCosts = {
    words: wordList(long.map(([word, bits]) => [word, bits + PART_BITS] as const)),
    character: (character) => characterBits(character) + PART_BITS,
    run: RUN_BITS + PART_BITS,
    number: (digits) => numberBits(digits) + PART_BITS,
  };
  const bits = (text: string): number => {
    const written = spellings(text);
    const whole = written.map((spelling) => leastCost(withoutRepetition(spelling), parts, ENOUGH_BITS));
    const bare = written.map((spelling) => {
      const marks = markBits(spelling);
      return leastCost(withoutRepetition(withoutMarks(spelling)), parts, ENOUGH_BITS - marks) + marks;
    });
    return Math.min(...whole, ...bare);
  };
  return { isGuessable: (text) => bits(text) < ENOUGH_BITS };
}

/** The text as a person may have come to it: typed, in the other layout, in Latin letters, backwards. Lower case. */
function spellings(text: string): readonly string[] {
  const typed = lower(text);
  const inLatin = [typed, inOtherLayout(typed, 'russian')].map((spelling) => skeleton(fold(spelling)));
  const forwards = [typed, inOtherLayout(typed, 'latin'), ...inLatin];
  const backwards = forwards.map((spelling) => Array.from(spelling).reverse().join(''));
  return [...new Set([...forwards, ...backwards])];
}

/** What the marks are worth that stand between letters, as in `p-a-s-s`: each other one, and little where it comes again. */
function markBits(text: string): number {
  const marks = Array.from(text).filter((character) => /[^\p{L}\d]/u.test(character));
  const different = new Set(marks);
  const worth = [...different].map((mark) => characterBits(mark) + PART_BITS);
  return worth.reduce((sum, each) => sum + each, 0) + (marks.length - different.size) * PART_BITS;
}

function characterBits(character: string): number {
  if (/\p{L}/u.test(character)) return LETTER_BITS;
  if (/\d/.test(character)) return DIGIT_BITS;
  return USUAL_MARKS.includes(character) ? USUAL_MARK_BITS : MARK_BITS;
}

/** Years and dates take fewer guesses than their digits. */
function numberBits(digits: string): number {
  if (YEAR.test(digits)) return YEAR_BITS;
  return DATE.test(digits) ? DATE_BITS : Infinity;
}
