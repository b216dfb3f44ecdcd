import { type Certificate } from '../certificate/certificate.js';
import { type PathMemo } from '../path/memo.js';
import { buildAuthorityPath } from '../path/path.js';
import { isInForce, type TrustSet } from '../trust-set.js';

/**
 * The CAs designated to answer about certificates of every trusted issuer: the local configuration of RFC 6960 §4.2.2.2,
 * criterion 1. An entry whose only purpose is `ocsp` designates. One that has it among others does not: such a CA's
 * responders speak for that CA alone.
 *
 * @param at when the entry must be in force and the path of the CA to an anchor, for `ocsp`, must hold. The revocation of a
 *   designated intermediate is not asked: its own responders would answer
 * @param memo remembers signatures already computed; leave out to compute all of them
 */
export function designatedOcspAuthorities(
  trust: TrustSet,
  at: Date,
  memo?: PathMemo,
): readonly Certificate[] {
  return trust.entries
    .filter((entry) => isInForce(entry, at) && entry.purposes.every((purpose) => purpose === 'ocsp'))
    .map(({ certificate }) => certificate)
    .filter((certificate) => buildAuthorityPath(certificate, trust, 'ocsp', at, memo).ok);
}
