/** Words that say whose password it is, and are therefore tried first. */
import { fold, readings, skeleton } from './folding.js';

/** Whose password it is to be. Everything may be absent: what is not known cannot be refused. */
export interface PasswordContext {
  /** Twelve digits, or `null`. */
  readonly iin: string | null;
  readonly names: readonly string[];
  readonly organisations: readonly string[];
}

const PRODUCT = 'qaqpa';
const NAME_PART_LETTERS = 3;
/** Legal forms (ТОО, ЖШС, LLP) are shorter, and would refuse ordinary words. */
const ORGANISATION_WORD_LETTERS = 4;

/** Whether the text holds a part of the name, the IIN, the date of birth in it, a word of the organisation's name, or the product's name. */
export function namesSomebody(text: string, context: PasswordContext): boolean {
  const folded = fold(text);
  // Dates are written with and without separators.
  const joined = folded.replace(/(?<=\d)[^\p{L}\d]+(?=\d)/gu, '');
  if (numbersOf(context.iin).some((number) => folded.includes(number) || joined.includes(number)))
    return true;
  const words = [
    ...wordsOf(context.names, NAME_PART_LETTERS),
    ...wordsOf(context.organisations, ORGANISATION_WORD_LETTERS),
    PRODUCT,
  ];
  return readings(folded).some((reading) => {
    const spelt = skeleton(reading);
    return words.some((word) => reading.includes(word) || containsSkeleton(spelt, word));
  });
}

function containsSkeleton(spelt: string, word: string): boolean {
  const bones = skeleton(word);
  // A name that shrinks to a letter or two (Ия) would be found everywhere.
  return bones.length >= NAME_PART_LETTERS && spelt.includes(bones);
}

function wordsOf(texts: readonly string[], letters: number): readonly string[] {
  return texts
    .flatMap((text) => fold(text).split(/[^\p{L}\d]+/u))
    .filter((word) => Array.from(word).length >= letters && /\p{L}/u.test(word));
}

/** The IIN, and the date of birth in it (its first six digits, the seventh tells the century) in the usual orders. */
function numbersOf(iin: string | null): readonly string[] {
  const [, yy = '', mm = '', dd = '', century = ''] = /^(\d\d)(\d\d)(\d\d)(\d)\d{5}$/.exec(iin ?? '') ?? [];
  if (iin === null || yy === '') return [];
  const hundreds = { 1: '18', 2: '18', 3: '19', 4: '19', 5: '20', 6: '20' }[Number(century)];
  const short = [iin, yy + mm + dd, dd + mm + yy];
  return hundreds === undefined ? short : [...short, dd + mm + hundreds + yy, hundreds + yy + mm + dd];
}
