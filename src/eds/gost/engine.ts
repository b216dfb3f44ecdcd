import { CURVES, type GostCurve } from './curves.js';
import { kernelDigests } from './digest-kernel.js';
import { type GostDigest, referenceDigest, type RunningDigest } from './digest-reference.js';
import { committedKernel, type KernelLoader } from './kernel/instance.js';
import { KERNEL } from './kernel/modules.js';
import { DIGEST_ANSWERS, SIGNATURE_ANSWERS } from './known-answers.js';
import { kernelScheme, type PreparingScheme } from './signature-kernel.js';
import { referenceScheme, type SignatureScheme } from './signature-reference.js';

/** One part of the engine and what does its work: the WebAssembly kernel or, where that failed, the slow reference. */
export interface EnginePart {
  readonly part: 'digest' | GostCurve;
  readonly engine: 'kernel' | 'reference';
  /** Why the kernel is not used; null where it is. */
  readonly reason: string | null;
}

/** What the GOST engine of this process runs on. */
export interface KernelStatus {
  /** 'reference' as soon as any part had to fall back: still right, but some ten times slower there. */
  readonly engine: 'kernel' | 'reference';
  readonly parts: readonly EnginePart[];
  /** The compiler of the kernel and the SHA-256 of its sources. */
  readonly build: { readonly compiler: string; readonly sources: string };
  /** Keys whose tables are kept, over all curves. */
  readonly preparedKeys: number;
  /** Sums of points that met an exceptional case: zero unless somebody signs with contrived nonces or keys. */
  readonly carefulRuns: number;
}

export interface GostEngine {
  startDigest(algorithm: GostDigest): RunningDigest;
  scheme(curve: GostCurve): SignatureScheme;
  /** Builds the tables of a key that will be met often; false if it is no key. */
  prepareKey(curve: GostCurve, publicKey: Uint8Array): boolean;
  /** Starts, with their known-answer tests, all parts not yet met. */
  status(): KernelStatus;
}

interface Started<T> extends EnginePart {
  readonly run: T;
}

/** An engine over a kernel. Each part starts at first use and falls back for good if its known answers come out wrong. */
export function createEngine(kernel: KernelLoader): GostEngine {
  let digests: Started<(algorithm: GostDigest) => RunningDigest> | undefined;
  const schemes = new Map<GostCurve, Started<PreparingScheme>>();
  const tablesTested = new Set<GostCurve>();

  function start<T>(part: EnginePart['part'], fast: () => T, slow: () => T): Started<T> {
    try {
      return { part, run: fast(), engine: 'kernel', reason: null };
    } catch (error) {
      return { part, run: slow(), engine: 'reference', reason: String(error) };
    }
  }

  function startedDigests(): Started<(algorithm: GostDigest) => RunningDigest> {
    digests ??= start(
      'digest',
      () => testedDigests(kernelDigests(kernel.digest())),
      () => referenceDigest,
    );
    return digests;
  }

  function startedScheme(curve: GostCurve): Started<PreparingScheme> {
    const known = schemes.get(curve);
    if (known !== undefined) return known;
    const parameters = CURVES[curve];
    const scheme = start(
      curve,
      () => tested(curve, kernelScheme(parameters, kernel.curve(parameters.octets))),
      () => withoutTables(curve),
    );
    schemes.set(curve, scheme);
    return scheme;
  }

  /** The known answers again with the key's tables, before the first table of a curve is relied on. */
  function schemeWithTables(curve: GostCurve): PreparingScheme {
    const { run } = startedScheme(curve);
    if (tablesTested.has(curve)) return run;
    tablesTested.add(curve);
    const { publicKey } = SIGNATURE_ANSWERS[curve];
    const scheme = start(
      curve,
      () => {
        run.prepareKey(publicKey);
        tested(curve, run);
        run.forgetKey(publicKey);
        return run;
      },
      () => withoutTables(curve),
    );
    if (scheme.engine === 'reference' && startedScheme(curve).engine === 'kernel') schemes.set(curve, scheme);
    return startedScheme(curve).run;
  }

  return {
    startDigest: (algorithm) => startedDigests().run(algorithm),
    scheme: (curve) => startedScheme(curve).run,
    prepareKey: (curve, publicKey) => schemeWithTables(curve).prepareKey(publicKey),
    status() {
      const started = (Object.keys(CURVES) as GostCurve[]).map(startedScheme);
      const parts = [startedDigests(), ...started].map(({ part, engine, reason }) => ({
        part,
        engine,
        reason,
      }));
      return {
        engine: parts.every(({ engine }) => engine === 'kernel') ? 'kernel' : 'reference',
        parts,
        build: { compiler: KERNEL.compiler, sources: KERNEL.sources },
        preparedKeys: started.reduce((sum, { run }) => sum + run.preparedKeys, 0),
        carefulRuns: started.reduce((sum, { run }) => sum + run.carefulRuns, 0),
      };
    },
  };
}

function testedDigests(
  startDigest: (algorithm: GostDigest) => RunningDigest,
): (algorithm: GostDigest) => RunningDigest {
  for (const { algorithm, message, digest } of DIGEST_ANSWERS) {
    const running = startDigest(algorithm);
    running.update(message);
    if (!equal(running.digest(), digest)) throw new Error(`the kernel's ${algorithm} is wrong`);
  }
  return startDigest;
}

/** The scheme, if it accepts a valid signature and refuses it with one bit changed. */
function tested(curve: GostCurve, scheme: PreparingScheme): PreparingScheme {
  const { publicKey, signature, digest } = SIGNATURE_ANSWERS[curve];
  const changed = Uint8Array.from(signature, (octet, i) => (i === 0 ? octet ^ 1 : octet));
  const right =
    scheme.isPublicKey(publicKey) &&
    scheme.verify(publicKey, signature, digest) &&
    !scheme.verify(publicKey, changed, digest);
  if (!right) throw new Error(`the kernel's verification on ${curve} is wrong`);
  return scheme;
}

function withoutTables(curve: GostCurve): PreparingScheme {
  const scheme = referenceScheme(CURVES[curve]);
  return {
    ...scheme,
    prepareKey: (publicKey) => scheme.isPublicKey(publicKey),
    forgetKey: () => undefined,
    preparedKeys: 0,
    carefulRuns: 0,
  };
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((octet, i) => octet === right[i]);
}

/** The engine of this process. */
export const gostEngine = createEngine(committedKernel);
