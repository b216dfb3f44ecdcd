/** Passwords that stand at the top of every guessing list, recognised by what they are made of. */
import { COMMON_WORDS } from './common-words.js';
import { lower } from './folding.js';
import { inOtherLayout } from './keyboard.js';
import { leastCost, type PartCosts } from './segmentation.js';
import { wordList } from './word-list.js';

/** Guessing lists combine up to three parts; what needs more is not found soon. */
const MAX_PARTS = 3;
/** Marks between the parts hardly add anything. */
const MARK = 1 / 8;
const LONGEST_NUMBER = 6;

const PARTS: PartCosts = {
  words: wordList(COMMON_WORDS.map((word) => [word, 1])),
  character: (character) => (/[^\p{L}\d]/u.test(character) ? MARK : 1),
  run: 1,
  number: (digits) => (digits.length <= LONGEST_NUMBER ? 1 : Infinity),
};

/**
 * Whether the text is a well-known password or made of at most three parts that guessers try: common words, keyboard walks, runs of the
 * alphabet, repetitions, numbers of up to six digits, single characters. Look-alike characters and the wrong layout do not hide a word.
 */
export function isGuessable(text: string): boolean {
  const typed = lower(text);
  const written = [typed, inOtherLayout(typed, 'latin'), inOtherLayout(typed, 'russian')];
  const writings = new Set([...written, ...written.map(withoutMarks)].map(withoutRepetition));
  return [...writings].some((writing) => leastCost(writing, PARTS, MAX_PARTS + 1 - MARK) < Infinity);
}

export function withoutMarks(text: string): string {
  return text.replace(/[^\p{L}\d]+/gu, '');
}

/** What is repeated, once: `abcabcabc` is as good as `abc`. */
export function withoutRepetition(text: string): string {
  return /^(.+?)\1+$/su.exec(text)?.[1] ?? text;
}
