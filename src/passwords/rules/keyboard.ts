/** Where characters are on the keyboard: QWERTY, ЙЦУКЕН and the Kazakh letters above it. */

const ROWS = ['`1234567890-=', 'qwertyuiop[]', "asdfghjkl;'", 'zxcvbnm,./'];
const SHIFTED = ['~!@#$%^&*()_+', 'QWERTYUIOP{}', 'ASDFGHJKL:"', 'ZXCVBNM<>?'];
const RUSSIAN = ['ё1234567890-=', 'йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю.'];
/** Kazakh letters stand where the other layouts have digits. */
const KAZAKH = ['  әіңғ  үұқөһ'];
/** Each row stands a little further to the right than the one above, in quarters of a key. */
const OFFSETS = [0, 6, 7, 9];

interface Key {
  readonly row: number;
  /** Quarters of a key from the left. */
  readonly at: number;
  readonly latin: string;
  readonly russian: string;
}

const PLACES: readonly Key[] = ROWS.flatMap((characters, row) =>
  Array.from(characters, (latin, column) => ({
    row,
    at: (OFFSETS[row] ?? 0) + 4 * column,
    latin,
    russian: RUSSIAN[row]?.[column] ?? latin,
  })),
);

const KEYS = new Map<string, Key>();
// Where two layouts have a character on different keys, the later one here is the one that counts.
for (const layout of [SHIFTED, KAZAKH, RUSSIAN, ROWS]) {
  const characters = layout.map((row) => Array.from(row));
  for (const place of PLACES) {
    const character = characters[place.row]?.[(place.at - (OFFSETS[place.row] ?? 0)) / 4];
    if (character !== undefined && character !== ' ') KEYS.set(character.toLowerCase(), place);
  }
}

/** Whether the two characters are on one key or on neighbouring keys. */
export function areNeighbours(one: string, other: string): boolean {
  const [a, b] = [KEYS.get(one), KEYS.get(other)];
  return a !== undefined && b !== undefined && Math.abs(a.row - b.row) <= 1 && Math.abs(a.at - b.at) <= 4;
}

/** The same keys pressed with the other layout switched on: `gfhjkm` is `пароль`. Lower case. */
export function inOtherLayout(text: string, layout: 'latin' | 'russian'): string {
  return Array.from(text, (character) => KEYS.get(character)?.[layout] ?? character).join('');
}
