import { fieldsOf } from '../asn1/fields.js';
import { readOid } from '../asn1/oid.js';
import { readDer } from '../asn1/reader.js';
import { readOctets } from '../asn1/values.js';
import { type SubjectPublicKeyInfo } from '../certificate/public-key.js';
import { EdsError } from '../error.js';
import { type GostCurve, isPublicKey, prepareKey } from '../gost/index.js';
import { DIGEST, GOST_PARAMETERS, KEY } from '../oid.js';

/** A GOST key that lies on the curve its parameters name. */
export interface GostKey {
  readonly curve: GostCurve;
  /** x ‖ y, little-endian. */
  readonly point: Uint8Array;
}

interface KeyType {
  readonly curve: GostCurve;
  readonly curveOid: string;
  readonly digestOid: string;
}

/** What the parameters must be for each key OID: НУЦ РК knows exactly one curve and one digest for each. */
const KEY_TYPES: Readonly<Record<string, KeyType>> = {
  [KEY.gost2004]: {
    curve: 'gost2004-256',
    curveOid: GOST_PARAMETERS.gost2004Curve,
    digestOid: GOST_PARAMETERS.gost2004Digest,
  },
  [KEY.gost2015Of256]: {
    curve: 'gost2015-256',
    curveOid: GOST_PARAMETERS.gost2015Of256Curve,
    digestOid: DIGEST.streebog256,
  },
  [KEY.gost2015Of512]: {
    curve: 'gost2015-512',
    curveOid: GOST_PARAMETERS.gost2015Of512Curve,
    digestOid: DIGEST.streebog512,
  },
};

/**
 * Reads a GOST key: the parameters must be exactly those of its OID, the BIT STRING holds an OCTET STRING with x ‖ y, and the
 * point must be in the group of the curve.
 *
 * @returns `null` for anything else
 */
export function readGostKey({ algorithm, keyBits }: SubjectPublicKeyInfo): GostKey | null {
  const type = KEY_TYPES[algorithm.oid];
  if (type === undefined || algorithm.parameters === null) return null;
  try {
    const parameters = fieldsOf(readDer(algorithm.parameters));
    const curveOid = readOid(parameters.any());
    const digestOid = readOid(parameters.any());
    parameters.end();
    const point = readOctets(readDer(keyBits));
    const agreed = curveOid === type.curveOid && digestOid === type.digestOid;
    return agreed && isPublicKey(type.curve, point) ? { curve: type.curve, point } : null;
  } catch (error) {
    if (error instanceof EdsError) return null;
    throw error;
  }
}

/** Builds the tables that make verification under this key several times as fast, if it is a GOST key. Takes some twenty milliseconds. */
export function prepareSignerKey(publicKey: SubjectPublicKeyInfo): void {
  const key = readGostKey(publicKey);
  if (key !== null) prepareKey(key.curve, key.point);
}
