import { prepareSignerKey } from '../eds/algorithms/gost-key.js';
import { type SubjectPublicKeyInfo } from '../eds/certificate/certificate.js';
import { createPathMemo, type PathMemo } from '../eds/path/memo.js';
import { type TrustSet } from '../eds/trust-set.js';

/** What verdicts rest on and what was proved under it. New trust is new grounds: nothing proved is carried over. */
export interface Grounds {
  readonly trust: TrustSet;
  /** Certificates found to be signed by a trusted CA. */
  readonly memo: PathMemo;
  /** The same for those who answer about revocation. Their keys are met again at once, so they get tables. */
  readonly responders: PathMemo;
}

export function layGrounds(trust: TrustSet): Grounds {
  const responders = createPathMemo(256);
  return {
    trust,
    memo: createPathMemo(),
    responders: {
      has: responders.has,
      add(certificate, issuer) {
        responders.add(certificate, issuer);
        prepareSignerKey(certificate.publicKey);
      },
    },
  };
}

/** Tables kept for CAs; the engine has room for eight keys of a curve, and responders want theirs. */
const PREPARED_AUTHORITIES = 5;

/**
 * The CAs whose keys are worth tables, some twenty milliseconds each. Intermediates first: they sign people's certificates and OCSP
 * answers, while a root's signature over them is computed once and remembered.
 */
export function authoritiesToPrepare({ entries }: TrustSet): readonly SubjectPublicKeyInfo[] {
  const intermediates = entries.filter(({ role }) => role === 'intermediate');
  const anchors = entries.filter(({ role }) => role === 'anchor');
  const keys = [...intermediates, ...anchors].map(({ certificate }) => certificate.publicKey);
  return keys.slice(0, PREPARED_AUTHORITIES);
}
