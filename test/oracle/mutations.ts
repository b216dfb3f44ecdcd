/** A changed artefact and where the change lies. */
export interface Mutation {
  readonly place: string;
  readonly octets: Uint8Array;
}

/**
 * One bit of one octet changed, at places spread over the whole and always the same: `count` of them, the bit that is changed
 * being given by the place.
 *
 * @param regions parts of the whole that a place is told to lie in
 */
export function mutationsOf(
  octets: Uint8Array,
  count: number,
  regions: Readonly<Record<string, Uint8Array>> = {},
): readonly Mutation[] {
  const spans = Object.entries(regions).map(([name, part]) => {
    const start = Buffer.from(octets).indexOf(part);
    return { name, start, end: start < 0 ? -1 : start + part.length };
  });
  const nameOf = (place: number): string => {
    const region = spans.find(({ start, end }) => start <= place && place < end);
    return region === undefined ? `octet ${place}` : `octet ${place} in the ${region.name}`;
  };
  const step = Math.max(1, Math.floor(octets.length / count));
  const places = Array.from({ length: Math.ceil(octets.length / step) }, (_, i) => i * step + (i % step));
  return places
    .filter((place) => place < octets.length)
    .map((place) => flipped(octets, place, nameOf(place)));
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

/** The OID of the signature time-stamp, the first thing inside the unsigned attributes. */
const TIMESTAMP_TYPE = Buffer.from('060b2a864886f70d010910020e', 'hex');

/** The headers of the unsigned attributes and of the first of them, two octets and as many of length each. */
const HEADERS = 8;

/** The part of a message that is its unsigned attributes, where the first of them is a time-stamp; empty otherwise. */
export function timestampIn(cms: Uint8Array): Uint8Array {
  const at = Buffer.from(cms).indexOf(TIMESTAMP_TYPE);
  return at < 0 ? new Uint8Array() : cms.subarray(at - HEADERS);
}

function flipped(octets: Uint8Array, place: number, name: string): Mutation {
  const changed = Uint8Array.from(octets);
  changed[place]! ^= 1 << (place % 8);
  return { place: name, octets: changed };
}
