/** Passwords that stand at the top of every guessing list, recognised by what they are made of. */
import { COMMON_WORDS } from './common-words.js';
import { lower, readings } from './folding.js';
import { areNeighbours, inOtherLayout } from './keyboard.js';

/** Guessing lists combine up to three parts; what needs more is not found soon. */
const MAX_PARTS = 3;
/** Marks between the parts hardly add anything. */
const MARK = 1 / 8;
const SHORTEST_RUN = 3;
const LONGEST_NUMBER = 6;

const WORDS = new Set(COMMON_WORDS);
const LONGEST_WORD = Math.max(...COMMON_WORDS.map((word) => word.length));

/**
 * Whether the text is a well-known password or made of at most three parts that guessers try: common words, keyboard walks, runs of the
 * alphabet, repetitions, numbers of up to six digits, single characters. Look-alike characters and the wrong layout do not hide a word.
 */
export function isGuessable(text: string): boolean {
  const typed = lower(text);
  const writings = [typed, inOtherLayout(typed, 'latin'), inOtherLayout(typed, 'russian')];
  const bare = writings.map((writing) => writing.replace(/[^\p{L}\d]+/gu, ''));
  return [...new Set([...writings, ...bare])].some(
    (writing) => Math.floor(partsOf(withoutRepetition(writing))) <= MAX_PARTS,
  );
}

/** `abcabcabc` is as good as `abc`. */
function withoutRepetition(text: string): string {
  return /^(.+?)\1+$/su.exec(text)?.[1] ?? text;
}

/** The least number of parts the text can be put together from. */
function partsOf(text: string): number {
  const characters = Array.from(text);
  const least = [0];
  for (let end = 1; end <= characters.length; end += 1) {
    const mark = /[^\p{L}\d]/u.test(characters[end - 1] ?? '');
    let best = (least[end - 1] ?? Infinity) + (mark ? MARK : 1);
    const run = runEndingAt(characters, end);
    for (
      let start = Math.max(0, end - Math.max(run, LONGEST_WORD));
      start <= end - SHORTEST_RUN;
      start += 1
    ) {
      const parts = (least[start] ?? Infinity) + 1;
      if (parts < best && (end - start <= run || isWordOrNumber(characters.slice(start, end).join('')))) {
        best = parts;
      }
    }
    least.push(best);
  }
  return least[characters.length] ?? Infinity;
}

function isWordOrNumber(part: string): boolean {
  return (
    readings(part).some((reading) => WORDS.has(reading)) ||
    (part.length <= LONGEST_NUMBER && /^\d+$/.test(part))
  );
}

/** How many characters up to `end` are one walk over the keyboard, one run of the alphabet (either way) or one character repeated. */
function runEndingAt(characters: readonly string[], end: number): number {
  const step = (at: number): number => codeAt(characters, at) - codeAt(characters, at - 1);
  let walk = 1;
  while (end - walk > 0 && areNeighbours(characters[end - walk - 1] ?? '', characters[end - walk] ?? ''))
    walk += 1;
  let run = 1;
  const direction = end > 1 ? step(end - 1) : NaN;
  while (end - run > 0 && Math.abs(direction) <= 1 && step(end - run) === direction) run += 1;
  return Math.max(walk, run);
}

function codeAt(characters: readonly string[], at: number): number {
  return characters[at]?.codePointAt(0) ?? NaN;
}
