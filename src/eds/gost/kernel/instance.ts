import { KERNEL } from './modules.js';

/** The part of the WebAssembly interface used here; its types come with no Node or ES library of TypeScript. */
interface WebAssemblyApi {
  readonly Module: new (octets: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

interface Memory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KB and gives the number there were; throws where there is no room. */
  grow(pages: number): number;
}

/** Exports of `curve.c`. Numbers lie in the slots; addresses are octet offsets into the memory; 1 is true. */
export interface CurveKernel {
  readonly memory: Memory;
  slots(): number;
  init(cofactor: number): number;
  is_key(): number;
  verify(): number;
  prepared_size(): number;
  prepare(address: number): number;
  verify_prepared(address: number): number;
  careful_runs(): number;
}

/** Exports of `digest.c`. */
export interface DigestKernel {
  readonly memory: Memory;
  buffer(): number;
  state(): number;
  lps_table(): number;
  constants(): number;
  substitution(): number;
  streebog_reset(bits: number): void;
  streebog_blocks(count: number): void;
  streebog_final(length: number): void;
  gost_reset(): void;
  gost_blocks(count: number): void;
  gost_final(length: number, bitsLow: number, bitsHigh: number): void;
}

/** Gives a fresh instance of each kernel module, each with its own memory. */
export interface KernelLoader {
  curve(octets: 32 | 64): CurveKernel;
  digest(): DigestKernel;
}

type ModuleName = keyof typeof KERNEL.modules;

/** The kernel's compiled modules (`WebAssembly.Module`): to be handed to threads, which then need not compile it again. */
export type CompiledKernel = Readonly<Partial<Record<ModuleName, object>>>;

const compiled = new Map<ModuleName, object>();

function webAssembly(): WebAssemblyApi {
  const api = (globalThis as { readonly WebAssembly?: WebAssemblyApi }).WebAssembly;
  if (api === undefined) throw new Error('this process has no WebAssembly');
  return api;
}

function moduleOf(name: ModuleName): object {
  const api = webAssembly();
  const module = compiled.get(name) ?? new api.Module(decodeBase64(KERNEL.modules[name].base64));
  compiled.set(name, module);
  return module;
}

function exportsOf(name: ModuleName): object {
  const api = webAssembly();
  return new api.Instance(moduleOf(name)).exports;
}

/** Compiles the kernel, once; empty where it cannot be compiled: each thread then finds the reference by itself. */
export function compileKernel(): CompiledKernel {
  try {
    const names = Object.keys(KERNEL.modules) as ModuleName[];
    return Object.fromEntries(names.map((name) => [name, moduleOf(name)]));
  } catch {
    return {};
  }
}

/** Takes over what another thread of this process compiled. Without effect on parts of the engine that have started. */
export function adoptKernel(modules: CompiledKernel): void {
  for (const [name, module] of Object.entries(modules)) compiled.set(name as ModuleName, module);
}

/**
 * The committed kernel. Its functions throw where WebAssembly is disabled or refuses the module: the caller then falls back.
 * Compiled once in a process, synchronously, at first use.
 */
export const committedKernel: KernelLoader = {
  curve: (octets) => exportsOf(octets === 64 ? 'curve512' : 'curve256') as CurveKernel,
  digest: () => exportsOf('digest') as DigestKernel,
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Canonical base64 with padding, as the build wrote it: without Node's Buffer, so that the library needs no Node. */
function decodeBase64(text: string): Uint8Array {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const octets = new Uint8Array((text.length / 4) * 3 - padding);
  const values = new Uint8Array(128);
  for (let value = 0; value < ALPHABET.length; value++) values[ALPHABET.charCodeAt(value)] = value;
  const at = (index: number): number => values[text.charCodeAt(index)] ?? 0;
  for (let i = 0, o = 0; i < text.length; i += 4, o += 3) {
    const group = (at(i) << 18) | (at(i + 1) << 12) | (at(i + 2) << 6) | at(i + 3);
    octets[o] = group >> 16;
    octets[o + 1] = group >> 8;
    octets[o + 2] = group;
  }
  return octets;
}
