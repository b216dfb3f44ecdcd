import { type DigestName } from '../algorithms/digest.js';
import { type AlgorithmIdentifier } from '../certificate/public-key.js';
import { DIGEST, SIGNATURE } from '../oid.js';

const NCA = 'urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:';
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';

const plain = (oid: string): AlgorithmIdentifier => Object.freeze({ oid, parameters: null });

/** SignatureMethod URIs of НУЦ РК (nuc-rk facts, Santuario provider of its SDK). Everything else, SHA-1 and HMAC above all, is forbidden. */
const SIGNATURE_METHODS: Readonly<Record<string, AlgorithmIdentifier>> = {
  [`${MORE}rsa-sha256`]: plain(SIGNATURE.sha256WithRsa),
  [`${MORE}gost34310-gost34311`]: plain(SIGNATURE.gost2004),
  [`${NCA}gostr34102015-gostr34112015-256`]: plain(SIGNATURE.gost2015Of256),
  [`${NCA}gostr34102015-gostr34112015-512`]: plain(SIGNATURE.gost2015Of512),
};

const DIGEST_METHODS: Readonly<Record<string, readonly [AlgorithmIdentifier, DigestName]>> = {
  'http://www.w3.org/2001/04/xmlenc#sha256': [plain(DIGEST.sha256), 'sha256'],
  [`${MORE}gost34311`]: [plain(DIGEST.gost34311), 'gost34311-95'],
  [`${NCA}gostr34112015-256`]: [plain(DIGEST.streebog256), 'streebog-256'],
  [`${NCA}gostr34112015-512`]: [plain(DIGEST.streebog512), 'streebog-512'],
};

/** The signature algorithm a SignatureMethod URI names, `null` for one that is not on the list. */
export function signatureMethod(uri: string): AlgorithmIdentifier | null {
  return Object.hasOwn(SIGNATURE_METHODS, uri) ? (SIGNATURE_METHODS[uri] ?? null) : null;
}

/** The digest a DigestMethod URI names, `null` for one that is not on the list. */
export function digestMethod(
  uri: string,
): { readonly algorithm: AlgorithmIdentifier; readonly name: DigestName } | null {
  const method = Object.hasOwn(DIGEST_METHODS, uri) ? DIGEST_METHODS[uri] : undefined;
  return method === undefined ? null : { algorithm: method[0], name: method[1] };
}
