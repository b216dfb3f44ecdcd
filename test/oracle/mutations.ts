/** A changed artefact and where the change lies. */
export interface Mutation {
  readonly place: string;
  readonly octets: Uint8Array;
}

/**
 * One bit of one octet changed, at places spread over the whole and always the same: `count` of them, the bit that is changed
 * being given by the place.
 */
export function mutationsOf(octets: Uint8Array, count: number): readonly Mutation[] {
  const step = Math.max(1, Math.floor(octets.length / count));
  const places = Array.from({ length: Math.ceil(octets.length / step) }, (_, i) => i * step + (i % step));
  return places
    .filter((place) => place < octets.length)
    .map((place) => flipped(octets, place, `octet ${place}`));
}

/** The same at the first, the middle and the last octet of each named part, which must occur in the whole. */
export function mutationsIn(
  octets: Uint8Array,
  parts: Readonly<Record<string, Uint8Array>>,
): readonly Mutation[] {
  return Object.entries(parts).flatMap(([name, part]) => {
    const start = Buffer.from(octets).indexOf(part);
    if (start < 0 || part.length === 0) return [];
    const places = new Set([start, start + (part.length >> 1), start + part.length - 1]);
    return [...places].map((place) => flipped(octets, place, `${name} at ${place - start}`));
  });
}

function flipped(octets: Uint8Array, place: number, name: string): Mutation {
  const changed = Uint8Array.from(octets);
  changed[place]! ^= 1 << (place % 8);
  return { place: name, octets: changed };
}
