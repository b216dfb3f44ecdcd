import { computeDigest, digestOf } from '../algorithms/digest.js';
import { type SignatureScheme } from '../algorithms/scheme.js';
import { sameOctets } from '../asn1/values.js';
import { type Certificate } from '../certificate/certificate.js';
import { type CmsClaim, createContentDigest, readClaim } from '../cms/claim.js';
import { EdsError, type WarningCode } from '../error.js';
import { CONTENT } from '../oid.js';
import { type PathMemo } from '../path/memo.js';
import { buildCertificationPath, type PathFailure } from '../path/path.js';
import { type TrustSet } from '../trust-set.js';
import { parseTimestampToken, type UnverifiedTimestamp } from './token.js';

export type TimestampCode =
  | 'TIMESTAMP_MALFORMED'
  | 'TIMESTAMP_INVALID'
  | 'TIMESTAMP_IMPRINT_MISMATCH'
  | 'TIMESTAMP_UNTRUSTED'
  | 'TIMESTAMP_ALGORITHM_FORBIDDEN'
  | 'TIMESTAMP_FUTURE';

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
  /** What is unusual about a good token. */
  readonly warnings: readonly WarningCode[];
}

/** What a token is judged against. */
export interface TimestampGrounds {
  readonly trust: TrustSet;
  readonly memo?: PathMemo | undefined;
  /** The time of validation. */
  readonly at: Date;
}

/** By how much the clock of an authority may be ahead of ours, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Verifies a time-stamp token (RFC 3161) as a proof of when `stamped` existed: one signer with signed attributes and a matching
 * ESS attribute, imprint over the given octets, path of the authority for the purpose `timestamp` at the time it names,
 * signature, an imprint that cannot be forged, a time that has come. The algorithms of token, imprint and stamped signature are
 * independent of each other, as НУЦ РК's are.
 *
 * @param token the TimeStampToken
 * @param stamped the octets the imprint should cover
 */
export function verifyTimestamp(
  token: Uint8Array,
  stamped: Uint8Array,
  grounds: TimestampGrounds,
): TimestampFinding {
  return verify(token, stamped, grounds, 'refuse');
}

/**
 * Verifies a token looked at on its own: whether the authority issued it. An imprint with a forbidden algorithm is mentioned
 * and not held against it; nothing else rests on it.
 *
 * @param stamped `null` where what was stamped is not at hand
 */
export function verifyTimestampAlone(
  token: Uint8Array,
  stamped: Uint8Array | null,
  grounds: TimestampGrounds,
): TimestampFinding {
  return verify(token, stamped, grounds, 'mention');
}

function verify(
  token: Uint8Array,
  stamped: Uint8Array | null,
  { trust, memo, at }: TimestampGrounds,
  weakImprint: 'refuse' | 'mention',
): TimestampFinding {
  const timestamp = readToken(token);
  if (timestamp === null) return { ...NOTHING, code: 'TIMESTAMP_MALFORMED' };
  const { genTime, imprint } = timestamp;
  const claim = claimOf(timestamp);
  if (claim === null) return { ...NOTHING, genTime, code: 'TIMESTAMP_INVALID' };
  const { certificate, scheme } = claim;
  const known = { ...NOTHING, genTime, certificate, scheme };

  const digest = digestOf(imprint.algorithm);
  const weak = digest === null || digest === 'sha1';
  if (stamped !== null && digest === null) return { ...known, code: 'TIMESTAMP_ALGORITHM_FORBIDDEN' };
  if (stamped !== null && digest !== null && !sameOctets(imprint.digest, computeDigest(digest, stamped))) {
    return { ...known, code: 'TIMESTAMP_IMPRINT_MISMATCH' };
  }
  const result = buildCertificationPath(certificate, trust, 'timestamp', genTime, memo);
  if (!result.ok) {
    return { ...known, code: 'TIMESTAMP_UNTRUSTED', path: result.path, pathFailure: result.code };
  }
  const proved = { ...known, path: result.path };
  if (!claim.verifySignature()) return { ...proved, code: 'TIMESTAMP_INVALID' };
  if (weak && weakImprint === 'refuse') return { ...proved, code: 'TIMESTAMP_ALGORITHM_FORBIDDEN' };
  // Written so that an invalid date, which compares false with everything, is refused.
  if (!(genTime.getTime() <= at.getTime() + CLOCK_SKEW_MS)) return { ...proved, code: 'TIMESTAMP_FUTURE' };
  return { ...proved, code: null, warnings: weak ? ['TIMESTAMP_ALGORITHM_FORBIDDEN'] : [] };
}

const NOTHING = Object.freeze({
  genTime: null,
  certificate: null,
  scheme: null,
  path: [],
  pathFailure: null,
  warnings: [],
}) satisfies Omit<TimestampFinding, 'code'>;

function readToken(token: Uint8Array): UnverifiedTimestamp | null {
  try {
    return parseTimestampToken(token);
  } catch (error) {
    if (error instanceof EdsError) return null;
    throw error;
  }
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
