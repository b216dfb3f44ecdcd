/** First and last code units that begin a name (XML 1.0, fifth edition, §2.3), less the colon, which separates a prefix. */
const STARTS: readonly (readonly [number, number])[] = [
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x2ff],
  [0x370, 0x37d],
  [0x37f, 0x1fff],
  [0x200c, 0x200d],
  [0x2070, 0x218f],
  [0x2c00, 0x2fef],
  [0x3001, 0xd7ff],
  // First halves of the pairs for U+10000 to U+EFFFF.
  [0xd800, 0xdb7f],
  [0xf900, 0xfdcf],
  [0xfdf0, 0xfffd],
];
/** What may follow in a name besides. */
const FOLLOWERS: readonly (readonly [number, number])[] = [
  [0x2d, 0x2e],
  [0x30, 0x39],
  [0xb7, 0xb7],
  [0x300, 0x36f],
  [0x203f, 0x2040],
  [0xdc00, 0xdfff],
];

const START = 2;
const FOLLOWER = 1;
const KINDS = new Uint8Array(0x10000);
for (const [from, to] of FOLLOWERS) KINDS.fill(FOLLOWER, from, to + 1);
for (const [from, to] of STARTS) KINDS.fill(START, from, to + 1);

/** Where the name without a colon that begins at `at` ends, `at` itself where none begins. */
export function endOfName(text: string, at: number): number {
  if (KINDS[text.charCodeAt(at)] !== START) return at;
  let end = at + 1;
  while (end < text.length && KINDS[text.charCodeAt(end)] !== 0) end += 1;
  return end;
}

/** Where the name with or without a prefix (Namespaces in XML §4) that begins at `at` ends, `at` itself where none begins. */
export function endOfQualifiedName(text: string, at: number): number {
  const end = endOfName(text, at);
  if (end === at || text[end] !== ':') return end;
  const last = endOfName(text, end + 1);
  return last === end + 1 ? end : last;
}
