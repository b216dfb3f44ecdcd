/** What a text can be put together from at the least cost: words, walks over the keyboard, runs of the alphabet, single characters. */
import { lookAlikes } from './folding.js';
import { areNeighbours } from './keyboard.js';
import { type WordList, wordsFrom } from './word-list.js';

/** What each kind of part costs. No cost is negative. */
export interface PartCosts {
  readonly words: WordList;
  /** One character by itself. */
  readonly character: (character: string) => number;
  /** A walk over the keyboard, a run of the alphabet or a repetition, of any length from three. */
  readonly run: number;
  /** A number of three to eight digits; `Infinity` where it is no part of its own. */
  readonly number: (digits: string) => number;
}

const SHORTEST_PART = 3;
const LONGEST_NUMBER = 8;

/**
 * The least cost the text can be put together for; `Infinity` above `ceiling`, where it is not sought for: a long text of unknown
 * characters is not read to its end.
 *
 * @param text lower case
 */
export function leastCost(text: string, costs: PartCosts, ceiling: number): number {
  const least = new Float64Array(text.length + 1).fill(Infinity);
  least[0] = 0;
  const runs = runLengths(text);
  const possible = Array.from({ length: text.length }, (_, at) => lookAlikes(text.charAt(at)));
  let reached = 0;
  for (let start = 0; start <= reached && start < text.length; start += 1) {
    const before = least[start] ?? Infinity;
    if (before > ceiling) continue;
    const reach = (end: number, cost: number): void => {
      const total = before + cost;
      if (total > ceiling || total >= (least[end] ?? Infinity)) return;
      least[end] = total;
      reached = Math.max(reached, end);
    };
    reach(start + 1, costs.character(text.charAt(start)));
    for (let length = SHORTEST_PART; length <= (runs[start] ?? 0); length += 1) {
      reach(start + length, costs.run);
    }
    const digits = digitsFrom(text, start);
    for (let length = SHORTEST_PART; length <= digits; length += 1) {
      reach(start + length, costs.number(text.slice(start, start + length)));
    }
    wordsFrom(costs.words, possible, start, reach);
  }
  return least[text.length] ?? Infinity;
}

function digitsFrom(text: string, start: number): number {
  let length = 0;
  while (length < LONGEST_NUMBER && /\d/.test(text.charAt(start + length))) length += 1;
  return length;
}

/** How many characters from each place on are one walk over the keyboard, one run of the alphabet (either way) or one repeated. */
function runLengths(text: string): readonly number[] {
  const lengths = new Array<number>(text.length).fill(1);
  let [walk, run, direction] = [1, 1, NaN];
  for (let at = text.length - 2; at >= 0; at -= 1) {
    const step = text.charCodeAt(at + 1) - text.charCodeAt(at);
    walk = areNeighbours(text.charAt(at), text.charAt(at + 1)) ? walk + 1 : 1;
    run = Math.abs(step) > 1 ? 1 : step === direction ? run + 1 : 2;
    direction = step;
    lengths[at] = Math.max(walk, run);
  }
  return lengths;
}
