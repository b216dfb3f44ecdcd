/** One of the canonical forms of the W3C. */
export interface CanonicalForm {
  /** Canonical XML 1.0, Canonical XML 1.1 or Exclusive XML Canonicalization 1.0. */
  readonly family: 'inclusive' | 'inclusive-1.1' | 'exclusive';
  readonly comments: boolean;
  /** Exclusive only: prefixes treated as the inclusive forms do (§3), `''` for the default namespace. */
  readonly prefixes: readonly string[];
}

/** The namespace of `InclusiveNamespaces`, and of the algorithm itself. */
export const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** What a reference gives that ends with nodes and names no form of its own (XMLDSig §4.4.3.2). */
export const DEFAULT_FORM: CanonicalForm = Object.freeze({
  family: 'inclusive',
  comments: false,
  prefixes: Object.freeze([]),
});

const FORMS: Readonly<Record<string, readonly [CanonicalForm['family'], boolean]>> = {
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315': ['inclusive', false],
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments': ['inclusive', true],
  'http://www.w3.org/2006/12/xml-c14n11': ['inclusive-1.1', false],
  'http://www.w3.org/2006/12/xml-c14n11#WithComments': ['inclusive-1.1', true],
  [EXCLUSIVE_C14N]: ['exclusive', false],
  [`${EXCLUSIVE_C14N}WithComments`]: ['exclusive', true],
};

/** The form an algorithm URI names, `null` for other algorithms. */
export function canonicalFormOf(uri: string, prefixes: readonly string[] = []): CanonicalForm | null {
  const form = Object.hasOwn(FORMS, uri) ? FORMS[uri] : undefined;
  return form === undefined ? null : { family: form[0], comments: form[1], prefixes };
}
