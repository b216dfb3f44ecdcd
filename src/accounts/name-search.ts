/**
 * Whether a name has, for every word that is looked for, a word that begins with it: "сер айг" finds "СЕРІКОВА АЙГҮЛ".
 * Case does not matter, nor does ё. A search without any word, such as `%`, finds nothing.
 */
export function nameMatcher(search: string): (name: string) => boolean {
  const beginnings = wordsOf(search);
  return (name) => {
    const words = wordsOf(name);
    return (
      beginnings.length > 0 &&
      beginnings.every((beginning) => words.some((word) => word.startsWith(beginning)))
    );
  };
}

function wordsOf(text: string): readonly string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
