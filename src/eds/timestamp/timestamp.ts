import { computeDigest, digestOf } from '../algorithms/digest.js';
import { type SignatureScheme } from '../algorithms/scheme.js';
import { sameOctets } from '../asn1/values.js';
import { type Certificate } from '../certificate/certificate.js';
import { type CmsClaim, createContentDigest, readClaim } from '../cms/claim.js';
import { EdsError } from '../error.js';
import { CONTENT } from '../oid.js';
import { type PathMemo } from '../path/memo.js';
import { buildCertificationPath, type PathFailure } from '../path/path.js';
import { type TrustSet } from '../trust-set.js';
import { parseTimestampToken, type UnverifiedTimestamp } from './token.js';

export type TimestampCode = 'TIMESTAMP_INVALID' | 'TIMESTAMP_IMPRINT_MISMATCH' | 'TIMESTAMP_UNTRUSTED';

/** What a time-stamp token proves, or why it proves nothing. Whether its certificate was revoked is asked afterwards. */
export interface TimestampFinding {
  /** `null` where the token is good. */
  readonly code: TimestampCode | null;
  /** The time the token names; proved only where `code` is `null`. `null` where it cannot be read. */
  readonly genTime: Date | null;
  readonly certificate: Certificate | null;
  readonly scheme: SignatureScheme | null;
  /** The path of the authority's certificate, leaf first; empty where there is none. */
  readonly path: readonly Certificate[];
  /** Why there is no good path, for a caller that wants more than `TIMESTAMP_UNTRUSTED`. */
  readonly pathFailure: PathFailure | null;
}

/**
 * Verifies a time-stamp token (RFC 3161): one signer with signed attributes and a matching ESS attribute, imprint over the
 * given octets, path of the authority for the purpose `timestamp` at the time it names, signature. The algorithms of token,
 * imprint and stamped signature are independent of each other, as НУЦ РК's are.
 *
 * @param token the TimeStampToken
 * @param stamped the octets the imprint should cover; `null` to leave the imprint out (a token looked at on its own)
 */
export function verifyTimestamp(
  token: Uint8Array,
  stamped: Uint8Array | null,
  trust: TrustSet,
  memo?: PathMemo,
): TimestampFinding {
  let timestamp: UnverifiedTimestamp;
  try {
    timestamp = parseTimestampToken(token);
  } catch (error) {
    if (!(error instanceof EdsError)) throw error;
    const nothing = { genTime: null, certificate: null, scheme: null, path: [], pathFailure: null };
    return { code: 'TIMESTAMP_INVALID', ...nothing };
  }
  const { genTime, imprint } = timestamp;
  const claim = claimOf(timestamp);
  const known = {
    genTime,
    certificate: claim?.certificate ?? null,
    scheme: claim?.scheme ?? null,
    path: [],
    pathFailure: null,
  };
  if (claim === null) return { ...known, code: 'TIMESTAMP_INVALID' };
  if (stamped !== null) {
    const digest = digestOf(imprint.algorithm);
    if (digest === null || !sameOctets(imprint.digest, computeDigest(digest, stamped))) {
      return { ...known, code: 'TIMESTAMP_IMPRINT_MISMATCH' };
    }
  }
  const result = buildCertificationPath(claim.certificate, trust, 'timestamp', genTime, memo);
  if (!result.ok) {
    return { ...known, code: 'TIMESTAMP_UNTRUSTED', path: result.path, pathFailure: result.code };
  }
  const good = claim.verifySignature();
  return { ...known, code: good ? null : 'TIMESTAMP_INVALID', path: result.path };
}

/** RFC 3161 §2.4.2: exactly one signature, the authority's, with an ESS attribute among its signed attributes. */
function claimOf({ cms }: UnverifiedTimestamp): CmsClaim | null {
  const [signer, extra] = cms.signers;
  if (signer === undefined || extra !== undefined || cms.content === null) return null;
  const content = { octets: cms.content, digest: createContentDigest(cms.content) };
  const result = readClaim(cms, signer, CONTENT.timestampInfo, content);
  if (!result.ok) return null;
  const { attributes } = result.claim;
  const named = attributes?.signingCertificate ?? attributes?.signingCertificateV2 ?? null;
  return named === null ? null : result.claim;
}
