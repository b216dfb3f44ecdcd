/** Words in order, found in a text from one place on without cutting a piece out of it for each length. */

export interface WordList {
  /** In the order of their code units. */
  readonly words: readonly string[];
  /** What each costs, at the same places. */
  readonly costs: readonly number[];
}

/** The list of the words given, each at the least of its costs. */
export function wordList(entries: Iterable<readonly [word: string, cost: number]>): WordList {
  const costOf = new Map<string, number>();
  for (const [word, cost] of entries) costOf.set(word, Math.min(cost, costOf.get(word) ?? Infinity));
  const words = [...costOf.keys()].sort();
  return { words, costs: words.map((word) => costOf.get(word) ?? Infinity) };
}

/**
 * Tells every word that begins at a place of a text.
 *
 * @param possible the characters each place of the text may stand for
 * @param found is told where a word ends and what it costs
 */
export function wordsFrom(
  { words, costs }: WordList,
  possible: readonly string[],
  start: number,
  found: (end: number, cost: number) => void,
): void {
  const descend = (low: number, high: number, at: number): void => {
    const depth = at - start;
    for (const character of possible[at] ?? '') {
      const code = character.charCodeAt(0);
      const first = firstFrom(words, low, high, depth, code);
      const next = firstFrom(words, first, high, depth, code + 1);
      if (first === next) continue;
      // The word that ends here comes before those that go on.
      if (words[first]?.length === depth + 1) found(at + 1, costs[first] ?? Infinity);
      descend(first, next, at + 1);
    }
  };
  descend(0, words.length, start);
}

/** The first word between two places whose character at `depth` is `code` or more; all of them are alike up to there. */
function firstFrom(words: readonly string[], low: number, high: number, depth: number, code: number): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const word = words[middle] ?? '';
    if (depth < word.length && word.charCodeAt(depth) >= code) to = middle;
    else from = middle + 1;
  }
  return from;
}
