/** Ways of writing the same word: case, look-alike characters, another alphabet, another spelling in Latin letters. */

/** Characters that stand in for letters. `1` may be either of two. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'il',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '€': 'e',
  '!': 'i',
  '|': 'l',
  '+': 't',
};

/** Russian and Kazakh letters in the Latin spelling that `skeleton` brings the other spellings to. */
const LATIN: Readonly<Record<string, string>> = {
  а: 'a', ә: 'a', б: 'b', в: 'v', г: 'g', ғ: 'g', д: 'd', е: 'e', ё: 'e', ж: 'j', з: 'z', и: 'i', й: 'i', і: 'i',
  к: 'k', қ: 'k', л: 'l', м: 'm', н: 'n', ң: 'n', о: 'o', ө: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ұ: 'u',
  ү: 'u', ф: 'f', х: 'h', һ: 'h', ц: 'c', ч: 'ch', ш: 'sh', щ: 'sh', ъ: '', ы: 'i', ь: '', э: 'e', ю: 'iu', я: 'ia',
}; // prettier-ignore

/** Spellings of one sound, the longer ones first. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/shch|sch/g, 'sh'],
  [/zh/g, 'j'],
  [/kh/g, 'h'],
  [/gh/g, 'g'],
  [/ts/g, 'c'],
  [/x/g, 'ks'],
  [/ye/g, 'e'],
  [/y/g, 'i'],
  [/q/g, 'k'],
  [/w/g, 'v'],
];

/** Lower case without compatibility forms: `Ｅ` and `e` are one letter. */
export function lower(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The same without combining marks: `É` and `e` are one letter, and so are `й` and `и`. */
export function fold(text: string): string {
  return lower(text).normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC');
}

/** The character, and the letters it may stand for. */
export function lookAlikes(character: string): string {
  return character + (LOOK_ALIKES[character] ?? '');
}

/** The text as it stands and as it reads when look-alikes are taken for letters. */
export function readings(text: string): readonly string[] {
  const asLetters = (choice: 0 | 1): string =>
    Array.from(text, (character) => {
      const letters = LOOK_ALIKES[character];
      return letters === undefined ? character : (letters[choice] ?? letters);
    }).join('');
  return [...new Set([text, asLetters(0), asLetters(1)])];
}

/** Folded text in one Latin spelling, so that Айгүл, Aigul and AYGÜL come out alike. */
export function skeleton(folded: string): string {
  const latin = Array.from(folded, (letter) => LATIN[letter] ?? letter).join('');
  return SPELLINGS.reduce((text, [spelling, letter]) => text.replace(spelling, letter), latin).replace(
    /(\p{L})\1+/gu,
    '$1',
  );
}
