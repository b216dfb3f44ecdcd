import { createRequire } from 'node:module';
import { computeDigest } from '../algorithms/digest.js';
import { EdsError } from '../error.js';
import { digestMethod, DIGEST_URIS, SIGNATURE_URIS } from './algorithms.js';
import { XMLDSIG } from './scanner.js';

/** A node as the parser gives it; only what is read here. */
export interface XmlNode {
  readonly nodeType: number;
  readonly localName: string | null;
  readonly namespaceURI: string | null;
  readonly parentNode: XmlNode | null;
  /** The text of a text node. */
  readonly data?: string;
  readonly childNodes: ArrayLike<XmlNode>;
  readonly attributes?: ArrayLike<{ readonly name: string; readonly value: string }>;
}

interface XmlDocument extends XmlNode {
  getElementsByTagNameNS(namespace: string, name: string): ArrayLike<XmlNode>;
}

/** What the reference and the signature of one `ds:Signature` are computed over, in canonical form. */
export interface CanonicalOctets {
  /** The document without the signature. */
  readonly content: Uint8Array;
  readonly signedInfo: Uint8Array;
}

type Class<T> = new () => T & { getAlgorithmName(): string };

interface SignedXml {
  CanonicalizationAlgorithms: Record<string, unknown>;
  HashAlgorithms: Record<string, Class<{ getHash(xml: string): string }>>;
  SignatureAlgorithms: Record<string, Class<{ verifySignature(signedInfo: string): boolean }>>;
  loadSignature(node: XmlNode): void;
  checkSignature(xml: string): boolean;
  getSignedReferences(): readonly string[];
}

interface Engine {
  readonly DOMParser: new (options: object) => { parseFromString(text: string, type: string): XmlDocument };
  readonly SignedXml: new (options: object) => SignedXml;
}

/** The transforms of a reference and the canonical forms of a SignedInfo that are allowed; more than НУЦ РК's signers use. */
export const ENVELOPED = `${XMLDSIG}enveloped-signature`;
export const CANONICAL_FORMS: readonly string[] = [
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
];

let engine: Engine | null = null;

/**
 * Loads parser and canonicaliser when the first XML arrives, so that whoever only reads CMS does not pay for them; and through
 * `createRequire`, because their types would put a browser's globals into every file of the library.
 */
function load(): Engine {
  if (engine !== null) return engine;
  const require = createRequire(import.meta.url);
  const { DOMParser } = require('@xmldom/xmldom') as Pick<Engine, 'DOMParser'>;
  const { SignedXml } = require('xml-crypto') as Pick<Engine, 'SignedXml'>;
  engine = { DOMParser, SignedXml };
  return engine;
}

/**
 * The `ds:Signature` elements of a scanned document, in document order.
 *
 * @throws EdsError `XML_MALFORMED` for whatever the parser so much as warns about
 */
export function parseSignatures(text: string): readonly XmlNode[] {
  const { DOMParser } = load();
  const errorHandler = (level: string): never => {
    throw new EdsError('XML_MALFORMED', `the parser reports a ${level}`);
  };
  const document = guarded(() =>
    new DOMParser({ errorHandler, locator: {} }).parseFromString(text, 'text/xml'),
  );
  const signatures = Array.from(document.getElementsByTagNameNS(XMLDSIG, 'Signature'));
  // The canonicaliser takes the namespaces around the first element of this name, whatever it belongs to.
  if (document.getElementsByTagNameNS('*', 'SignedInfo').length !== signatures.length) {
    throw new EdsError('XML_MALFORMED', 'there is a SignedInfo outside of a signature');
  }
  return signatures;
}

/**
 * Computes what a signature covers (XMLDSig §4.4.3.2). The library's maps of algorithms are replaced: it can compute the digests
 * and canonical forms of the allow-list and nothing else, and it decides about digests only: a signature is computed later, when
 * there is a trusted path to its key.
 *
 * @param text the scanned document
 * @param signature its `ds:Signature`, already checked for structure
 * @returns `null` when the digest in the reference is not that of the document
 * @throws EdsError `XML_MALFORMED` for what the library refuses
 */
export function canonicalise(text: string, signature: XmlNode): CanonicalOctets | null {
  const { SignedXml } = load();
  const signedInfos: string[] = [];
  // The library insists on a key; ours is not for it to use.
  const signed = new SignedXml({ publicCert: 'none', getCertFromKeyInfo: () => null });
  signed.CanonicalizationAlgorithms = Object.fromEntries(
    [...CANONICAL_FORMS, ENVELOPED].map((uri) => [uri, signed.CanonicalizationAlgorithms[uri]]),
  );
  signed.HashAlgorithms = Object.fromEntries(
    DIGEST_URIS.map((uri) => [
      uri,
      class {
        getHash(xml: string): string {
          const name = digestMethod(uri)?.name;
          if (name === undefined) throw new EdsError('XML_MALFORMED', 'the digest is not on the allow-list');
          return Buffer.from(computeDigest(name, Buffer.from(xml, 'utf8'))).toString('base64');
        }
        getAlgorithmName(): string {
          return uri;
        }
      },
    ]),
  );
  signed.SignatureAlgorithms = Object.fromEntries(
    SIGNATURE_URIS.map((uri) => [
      uri,
      class {
        verifySignature(signedInfo: string): boolean {
          signedInfos.push(signedInfo);
          return true;
        }
        getAlgorithmName(): string {
          return uri;
        }
      },
    ]),
  );
  const digestsAgree = guarded(() => {
    signed.loadSignature(signature);
    return signed.checkSignature(text);
  });
  if (!digestsAgree) return null;
  const [content, ...others] = signed.getSignedReferences();
  const [signedInfo] = signedInfos;
  if (content === undefined || signedInfo === undefined || others.length > 0) {
    throw new EdsError('XML_MALFORMED', 'the signature does not have exactly one reference');
  }
  return { content: octets(content), signedInfo: octets(signedInfo) };
}

function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What the two packages throw is about the document: it never ends the program, and never becomes a yes. */
function guarded<T>(compute: () => T): T {
  try {
    return compute();
  } catch (cause) {
    if (cause instanceof EdsError) throw cause;
    throw new EdsError('XML_MALFORMED', 'the document cannot be brought into canonical form', { cause });
  }
}
