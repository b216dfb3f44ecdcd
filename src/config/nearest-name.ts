/**
 * The known name that somebody most likely meant, for "did you mean".
 *
 * @param reach greatest number of edits between the two (Levenshtein)
 * @returns `null` where nothing known is near
 */
export function nearestName(name: string, known: Iterable<string>, reach: number): string | null {
  const ranked = [...known]
    .map((candidate) => ({ candidate, edits: edits(name, candidate) }))
    .filter((ranking) => ranking.edits <= reach)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate ?? null;
}

function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, changed));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
