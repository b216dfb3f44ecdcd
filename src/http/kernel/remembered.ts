/** The most texts that are remembered. Beyond, all are forgotten: whoever comes from ever new addresses costs what they cost without it. */
const TEXTS_MOST = 1_024;
/** Longer ones are not kept: a header may hold anything. */
const TEXT_LENGTH_MOST = 64;

/** The same function of a text, which computes for the texts that come again and again only once. */
export function remembered<Found>(
  compute: (text: string) => Found,
  most = TEXTS_MOST,
): (text: string) => Found {
  const known = new Map<string, { readonly found: Found }>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before.found;
    const found = compute(text);
    if (text.length > TEXT_LENGTH_MOST) return found;
    if (known.size >= most) known.clear();
    known.set(text, { found });
    return found;
  };
}
