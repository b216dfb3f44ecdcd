import { type CurveParameters } from './curves.js';
import { type CurveKernel } from './kernel/instance.js';
import { type SignatureScheme } from './signature-reference.js';

/** Tables of prepared keys kept at a time, 1.2 MB each for 512 bits: more than the CAs and responders of one hierarchy. */
const PREPARED_KEYS = 8;
const PAGE = 65_536;

/** The slots of `curve.c`, in its order. */
const SLOT = { x: 0, y: 1, r: 2, s: 3, e: 4, a: 5, b: 6, gx: 7, gy: 8, n: 9, t: 10 } as const;

/** A scheme that can also be told which keys will be met often. */
export interface PreparingScheme extends SignatureScheme {
  /**
   * Builds the tables that make verification under this key about four times as fast; false if it is no key. At most
   * {@link PREPARED_KEYS} are kept, the least recently used giving way. Where there is no memory, the key stays ordinary.
   */
  prepareKey(publicKey: Uint8Array): boolean;
  /** Gives the room of a prepared key's tables to others. */
  forgetKey(publicKey: Uint8Array): void;
  readonly preparedKeys: number;
  /** How often a sum of points met an exceptional case and was decided by the careful formulas. */
  readonly carefulRuns: number;
}

/**
 * Verification in the WebAssembly kernel, for one named curve. `kernel` must be an instance of its own.
 * @throws Error when the kernel refuses the curve.
 */
export function kernelScheme(curve: CurveParameters, kernel: CurveKernel): PreparingScheme {
  const { octets } = curve;
  const slots = kernel.slots();
  const addresses = new Map<string, number>();
  const vacant: number[] = [];
  let memory = new Uint8Array(kernel.memory.buffer);

  function put(slot: number, data: Uint8Array): void {
    // A memory that has grown is another buffer.
    if (memory.buffer !== kernel.memory.buffer) memory = new Uint8Array(kernel.memory.buffer);
    memory.set(data, slots + slot * octets);
  }

  const numbers = { a: curve.a, b: curve.b, gx: curve.gx, gy: curve.gy, n: curve.n, t: curve.orderTwo ?? 0n };
  for (const [name, number] of Object.entries(numbers) as [keyof typeof numbers, bigint][]) {
    put(
      SLOT[name],
      Uint8Array.from({ length: octets }, (_, i) => Number((number >> BigInt(8 * i)) & 255n)),
    );
  }
  if (kernel.init(Number(curve.h)) !== 1) throw new Error('the kernel refuses the curve');

  function isPublicKey(publicKey: Uint8Array): boolean {
    if (publicKey.length !== 2 * octets) return false;
    put(SLOT.x, publicKey);
    return kernel.is_key() === 1;
  }

  /** Where the key's tables lie, with the key made the most recently used; null for a key that is not prepared. */
  function preparedAddress(publicKey: Uint8Array): number | null {
    if (addresses.size === 0) return null;
    const name = String.fromCharCode(...publicKey);
    const address = addresses.get(name);
    if (address === undefined) return null;
    addresses.delete(name);
    addresses.set(name, address);
    return address;
  }

  /** Room for one table: new memory while there are fewer tables than allowed, then that of the one longest not used. */
  function roomForTable(): number | null {
    const free = vacant.pop();
    if (free !== undefined) return free;
    if (addresses.size < PREPARED_KEYS) {
      try {
        return kernel.memory.grow(Math.ceil(kernel.prepared_size() / PAGE)) * PAGE;
      } catch {
        // No memory for another table: take an old one's place, if there is any.
      }
    }
    for (const [name, address] of addresses) {
      addresses.delete(name);
      return address;
    }
    return null;
  }

  return {
    isPublicKey,
    verify(publicKey, signature, digest) {
      if (publicKey.length !== 2 * octets || signature.length !== 2 * octets || digest.length !== octets) {
        return false;
      }
      put(SLOT.r, signature);
      put(SLOT.e, digest);
      const address = preparedAddress(publicKey);
      if (address !== null) return kernel.verify_prepared(address) === 1;
      put(SLOT.x, publicKey);
      return kernel.verify() === 1;
    },
    prepareKey(publicKey) {
      if (!isPublicKey(publicKey)) return false;
      if (preparedAddress(publicKey) !== null) return true;
      const address = roomForTable();
      if (address === null) return true;
      if (kernel.prepare(address) === 1) addresses.set(String.fromCharCode(...publicKey), address);
      else vacant.push(address);
      return true;
    },
    forgetKey(publicKey) {
      const address = preparedAddress(publicKey);
      if (address === null) return;
      addresses.delete(String.fromCharCode(...publicKey));
      vacant.push(address);
    },
    get preparedKeys() {
      return addresses.size;
    },
    get carefulRuns() {
      return kernel.careful_runs();
    },
  };
}
