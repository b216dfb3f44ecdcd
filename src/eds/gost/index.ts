/**
 * GOST cryptography of НУЦ РК for verifying, usable on its own: digests and signature checks. Verification only; nothing
 * here is fit for signing, because its time depends on its inputs.
 */
export { createDigest, digest, type DigestStream, type GostDigest } from './digest.js';
export { type GostCurve } from './curves.js';
export { isPublicKey, verify } from './signature.js';
