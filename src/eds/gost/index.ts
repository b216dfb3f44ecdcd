/**
 * GOST cryptography of НУЦ РК for verifying, usable on its own: digests and signature checks, in a WebAssembly kernel with a
 * reference in plain TypeScript behind it. Verification only; nothing here is fit for signing, because its time depends on
 * its inputs.
 */
import { gostEngine, type KernelStatus } from './engine.js';

export { createDigest, digest, type DigestStream } from './digest.js';
export { type GostDigest } from './digest-reference.js';
export { type GostCurve } from './curves.js';
export { type EnginePart, type KernelStatus } from './engine.js';
export { adoptKernel, compileKernel, type CompiledKernel } from './kernel/instance.js';
export { isPublicKey, prepareKey, verify } from './signature.js';

/**
 * Starts all parts of the engine that have not started yet, each with its known-answer test, and says what they run on.
 * To be called once at the start of a process, so that the first sign-in does not wait; what fell back belongs in the log.
 */
export function kernelStatus(): KernelStatus {
  return gostEngine.status();
}
