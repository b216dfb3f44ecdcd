import { computeDigest, type DigestName } from '../algorithms/digest.js';
import { sameOctets } from '../asn1/values.js';
import { EdsError } from '../error.js';
import { canonicalise, type Span } from './canonical.js';
import { type CanonicalForm } from './canonical-form.js';
import { tooLarge, XML_LIMITS } from './limits.js';
import { scanXml } from './scanner.js';
import { type XmlReference } from './signature.js';
import { type Target } from './target.js';
import { contains, type XmlDocument, type XmlElement } from './tree.js';

/** A signature whose reference is resolved and whose digest is on the allow-list. */
export interface ReferenceToProve {
  readonly signature: XmlElement;
  readonly reference: XmlReference;
  readonly target: Target;
  readonly digest: DigestName;
}

interface Canonical {
  readonly apex: XmlDocument | XmlElement;
  readonly form: CanonicalForm;
  readonly octets: Uint8Array;
  readonly spans: ReadonlyMap<XmlElement, Span>;
}

/**
 * Computes what references cover. A signature that was made later is no part of what an enveloped signature covers: for a reference
 * with that transform others are left out as well, and the caller says which.
 */
export class CoverageProof {
  readonly #signatures: ReadonlySet<XmlElement>;
  /** Octets that may still be brought into canonical form or digested. */
  #work: number = XML_LIMITS.work;
  readonly #known = new Map<string, Uint8Array>();
  /** The last form computed; signatures after each other mostly ask for the same. */
  #canonical: Canonical | null = null;

  constructor(signatures: readonly XmlElement[]) {
    this.#signatures = new Set(signatures);
  }

  /**
   * The octets a reference covers if they have its digest, otherwise `null`.
   *
   * @param absent signatures taken for made later
   * @throws EdsError `FORMAT_TOO_LARGE`, `FORMAT_NOT_SUPPORTED`
   */
  prove(claim: ReferenceToProve, absent: ReadonlySet<XmlElement>): Uint8Array | null {
    const { reference, target } = claim;
    const missing = this.#missing(claim, absent);
    const key = this.#keyOf(claim, missing);
    const known = this.#known.get(key);
    if (known !== undefined && !sameOctets(known, reference.digest)) return null;
    const [first, ...further] = reference.forms;
    if (first === undefined) return null;
    let octets = this.#without(this.#canonicalForm(target.apex, first), missing);
    for (const form of further) octets = this.#again(octets, form);
    if (known !== undefined) return octets;
    this.#spend(octets.length);
    const digest = computeDigest(claim.digest, octets);
    this.#known.set(key, digest);
    return sameOctets(digest, reference.digest) ? octets : null;
  }

  /** The signatures to leave out of what a reference covers; only those within it. */
  #missing(
    { signature, reference, target: { apex } }: ReferenceToProve,
    absent: ReadonlySet<XmlElement>,
  ): readonly XmlElement[] {
    if (!reference.enveloped) return [];
    return [...this.#signatures].filter(
      (other) => (other === signature || absent.has(other)) && ('root' in apex || contains(apex, other)),
    );
  }

  #keyOf({ digest, reference, target }: ReferenceToProve, missing: readonly XmlElement[]): string {
    const order = [...this.#signatures];
    const apex = 'root' in target.apex ? '' : reference.uri;
    return JSON.stringify([digest, apex, reference.forms, missing.map((element) => order.indexOf(element))]);
  }

  #canonicalForm(apex: XmlDocument | XmlElement, form: CanonicalForm): Canonical {
    const last = this.#canonical;
    if (last?.apex === apex && JSON.stringify(last.form) === JSON.stringify(form)) return last;
    // References to this document are to nodes without comments, whatever the transforms say (XMLDSig §4.4.3.3).
    const { octets, spans } = canonicalise(apex, { ...form, comments: false }, this.#work, this.#signatures);
    this.#spend(octets.length);
    this.#canonical = { apex, form, octets, spans };
    return this.#canonical;
  }

  #without({ octets, spans }: Canonical, missing: readonly XmlElement[]): Uint8Array {
    const gaps = missing
      .flatMap((element) => spans.get(element) ?? [])
      .sort((one, other) => one.start - other.start);
    const pieces: Uint8Array[] = [];
    let at = 0;
    for (const { start, end } of gaps) {
      pieces.push(octets.subarray(at, start));
      at = end;
    }
    return new Uint8Array(Buffer.concat([...pieces, octets.subarray(at)]));
  }

  #spend(octets: number): void {
    this.#work -= octets;
    if (this.#work < 0) throw tooLarge('the signatures need more work than is done for one document');
  }

  /** A further canonical form is one of the octets before it, read as a document. */
  #again(octets: Uint8Array, form: CanonicalForm): Uint8Array {
    this.#spend(octets.length);
    const document = scanXml(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets));
    return canonicalise(document, form, this.#work).octets;
  }
}

/** The signatures that were not there yet, `null` where no order gives the digest, or the error met. */
export type Order = ReadonlySet<XmlElement> | { readonly error: EdsError } | null;

/**
 * Finds for each reference which of the other signatures were there when it was made. The last one made covers all others: it is
 * looked for first, then the last of the rest. Where none of the rest is it, one of them is broken: then every choice of those left is
 * tried where they are few, otherwise those in front and those behind; the work of it all is bounded.
 *
 * @param claims in the order of the document, `null` for a signature that is refused already and yet may be covered by others
 */
export function proveInAnyOrder(
  proof: CoverageProof,
  signatures: readonly XmlElement[],
  claims: readonly (ReferenceToProve | null)[],
): readonly Order[] {
  const orders: Order[] = claims.map(() => null);
  const open = new Set(claims.flatMap((claim, index) => (claim === null ? [] : [index])));
  const holds = (index: number, absent: ReadonlySet<XmlElement>): boolean => {
    const claim = claims[index];
    if (claim == null || !open.has(index)) return false;
    const order = attempt(proof, claim, absent);
    if (order === null) return false;
    orders[index] = order;
    open.delete(index);
    return order instanceof Set;
  };

  let later: ReadonlySet<XmlElement> = new Set();
  for (let found = true; found;) {
    const last = signatures.findLastIndex((_, index) => holds(index, later));
    const element = signatures[last];
    found = element !== undefined;
    if (element !== undefined) later = new Set([...later, element]);
  }
  for (const index of [...open]) {
    const others = [...open].filter((other) => other !== index);
    const guesses = others.length <= FEW ? subsetsOf(others) : positionsOf(others, index);
    const elements = guesses.map((guess) => guess.flatMap((other) => signatures[other] ?? []));
    const everyOther = signatures.filter((_, other) => other !== index);
    [...elements.map((guess) => [...later, ...guess]), [], everyOther].some((absent) =>
      holds(index, new Set(absent)),
    );
  }
  return orders;
}

/** Signatures of which every choice is tried. */
const FEW = 4;

function subsetsOf(items: readonly number[]): readonly (readonly number[])[] {
  return items.reduce<readonly (readonly number[])[]>(
    (subsets, item) => [...subsets, ...subsets.map((subset) => [...subset, item])],
    [[]],
  );
}

/** All of them, those behind and those in front. */
function positionsOf(items: readonly number[], index: number): readonly (readonly number[])[] {
  return [items, items.filter((item) => item > index), items.filter((item) => item < index)];
}

function attempt(proof: CoverageProof, claim: ReferenceToProve, absent: ReadonlySet<XmlElement>): Order {
  try {
    return proof.prove(claim, absent) === null ? null : absent;
  } catch (error) {
    if (error instanceof EdsError) return { error };
    throw error;
  }
}
