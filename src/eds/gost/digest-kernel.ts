import { type GostDigest, type RunningDigest } from './digest-reference.js';
import { SUBSTITUTION } from './gost34311.js';
import { type DigestKernel } from './kernel/instance.js';
import { CONSTANTS, HIGH, LOW } from './streebog.js';

/** Octets of `buffer` in `digest.c`, a multiple of both block lengths. */
const BUFFER = 65_536;
/** Octets of `state` in `digest.c`. */
const STATE = 192;

/**
 * Digests in the WebAssembly kernel. Any number of messages may be under way: the kernel holds the state of the one fed
 * last, the states of the others are kept here.
 */
export function kernelDigests(kernel: DigestKernel): (algorithm: GostDigest) => RunningDigest {
  const memory = new Uint8Array(kernel.memory.buffer);
  const words = new DataView(kernel.memory.buffer);
  const [buffer, state] = [kernel.buffer(), kernel.state()];
  /** Where the state now in the kernel is to be kept when another message takes its place. */
  let inKernel: Uint8Array | null = null;

  const putWords = (address: number, values: Uint32Array): void => {
    values.forEach((value, i) => {
      words.setUint32(address + 4 * i, value, true);
    });
  };
  LOW.forEach((low, i) => {
    putWords(kernel.lps_table() + 8 * i, Uint32Array.of(low, HIGH[i] ?? 0));
  });
  CONSTANTS.forEach((constant, i) => {
    putWords(kernel.constants() + 64 * i, constant);
  });
  putWords(kernel.substitution(), SUBSTITUTION);

  function keepState(): void {
    inKernel?.set(memory.subarray(state, state + STATE));
    inKernel = null;
  }

  return (algorithm) => {
    const gost34311 = algorithm === 'gost34311-95';
    const block = gost34311 ? 32 : 64;
    const kept = new Uint8Array(STATE);
    const pending = new Uint8Array(block);
    let pendingLength = 0;
    let length = 0;

    keepState();
    if (gost34311) kernel.gost_reset();
    else kernel.streebog_reset(algorithm === 'streebog-512' ? 512 : 256);
    inKernel = kept;

    function takeKernel(): void {
      if (inKernel === kept) return;
      keepState();
      memory.set(kept, state);
      inKernel = kept;
    }

    return {
      update(data) {
        length += data.length;
        if (pendingLength + data.length < block) {
          pending.set(data, pendingLength);
          pendingLength += data.length;
          return;
        }
        takeKernel();
        for (let at = 0; ;) {
          memory.set(pending.subarray(0, pendingLength), buffer);
          const taken = Math.min(BUFFER - pendingLength, data.length - at);
          memory.set(data.subarray(at, at + taken), buffer + pendingLength);
          const filled = pendingLength + taken;
          at += taken;
          const blocks = Math.floor(filled / block);
          if (gost34311) kernel.gost_blocks(blocks);
          else kernel.streebog_blocks(blocks);
          pendingLength = filled - blocks * block;
          if (at < data.length) continue;
          pending.set(memory.subarray(buffer + blocks * block, buffer + filled));
          return;
        }
      },
      digest() {
        takeKernel();
        memory.set(pending.subarray(0, pendingLength), buffer);
        if (gost34311) {
          const bits = 8 * length;
          kernel.gost_final(pendingLength, bits % 2 ** 32, Math.floor(bits / 2 ** 32));
        } else {
          kernel.streebog_final(pendingLength);
        }
        inKernel = null;
        const chain = memory.slice(state, state + block);
        return algorithm === 'streebog-256' ? chain.slice(32) : chain;
      },
    };
  };
}
