import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CURVES } from '../../../src/eds/gost/curves.js';
import { kernelDigests } from '../../../src/eds/gost/digest-kernel.js';
import { type GostDigest, referenceDigest } from '../../../src/eds/gost/digest-reference.js';
import { createEngine, type GostEngine } from '../../../src/eds/gost/engine.js';
import { type GostCurve, kernelStatus, prepareKey } from '../../../src/eds/gost/index.js';
import {
  committedKernel,
  type CurveKernel,
  type KernelLoader,
} from '../../../src/eds/gost/kernel/instance.js';
import { KERNEL } from '../../../src/eds/gost/kernel/modules.js';
import { SIGNATURE_ANSWERS } from '../../../src/eds/gost/known-answers.js';
import { kernelScheme } from '../../../src/eds/gost/signature-kernel.js';
import { referenceScheme } from '../../../src/eds/gost/signature-reference.js';
import { commandPresent } from '../../support/command.js';
import { parametersOf, publicKeyOf, signWithNonce } from '../../support/gost-signer.js';

const NAMES = Object.keys(CURVES) as GostCurve[];
const ALGORITHMS: readonly GostDigest[] = ['streebog-256', 'streebog-512', 'gost34311-95'];

describe('the GOST engine of this process', () => {
  it('runs on the kernel in every part and says what built it', () => {
    expect(kernelStatus()).toMatchObject({
      engine: 'kernel',
      parts: ['digest', ...NAMES].map((part) => ({ part, engine: 'kernel', reason: null })),
      build: { compiler: KERNEL.compiler, sources: KERNEL.sources },
    });
  });

  it('prepares a key and nothing that is none', () => {
    for (const name of NAMES) {
      const { publicKey } = SIGNATURE_ANSWERS[name];
      expect(prepareKey(name, publicKey)).toBe(true);
      expect(prepareKey(name, publicKey.subarray(1))).toBe(false);
      expect(
        prepareKey(
          name,
          Uint8Array.from(publicKey, (octet) => octet ^ 1),
        ),
      ).toBe(false);
    }
    expect(kernelStatus().preparedKeys).toBe(NAMES.length);
  });
});

describe('the known answers', () => {
  it.each(NAMES)('are right on %s in the eyes of the reference', (name) => {
    const { publicKey, signature, digest } = SIGNATURE_ANSWERS[name];
    expect(referenceScheme(CURVES[name]).verify(publicKey, signature, digest)).toBe(true);
  });
});

describe('an engine whose kernel fails', () => {
  const curveOf = (change: (kernel: CurveKernel) => Partial<CurveKernel>): KernelLoader => ({
    digest: () => committedKernel.digest(),
    curve(octets) {
      const kernel = committedKernel.curve(octets);
      return { ...kernel, ...change(kernel) };
    },
  });

  function verdictsOf(engine: GostEngine): boolean[] {
    return NAMES.flatMap((name) => {
      const { publicKey, signature, digest } = SIGNATURE_ANSWERS[name];
      const other = Uint8Array.from(digest, (octet) => octet ^ 1);
      const scheme = engine.scheme(name);
      return [
        scheme.verify(publicKey, signature, digest),
        scheme.verify(publicKey, signature, other),
        scheme.isPublicKey(publicKey),
      ];
    });
  }
  const RIGHT = NAMES.flatMap(() => [true, false, true]);

  it('is right and says so where there is no WebAssembly', () => {
    const unavailable = (): never => {
      throw new Error('this process has no WebAssembly');
    };
    const engine = createEngine({ curve: unavailable, digest: unavailable });
    expect(verdictsOf(engine)).toEqual(RIGHT);
    const running = engine.startDigest('streebog-512');
    running.update(new Uint8Array(100));
    const reference = referenceDigest('streebog-512');
    reference.update(new Uint8Array(100));
    expect(running.digest()).toEqual(reference.digest());
    const status = engine.status();
    expect(status.engine).toBe('reference');
    expect(status.parts).toHaveLength(4);
    for (const part of status.parts) {
      expect(part).toMatchObject({ engine: 'reference', reason: 'Error: this process has no WebAssembly' });
    }
  });

  it.each([
    ['accepts everything', () => ({ verify: () => 1 })],
    ['refuses everything', () => ({ verify: () => 0 })],
    ['takes nothing for a key', () => ({ is_key: () => 0 })],
    ['refuses the curve', () => ({ init: () => 0 })],
  ] as const)('falls back when the kernel %s', (_, change) => {
    const engine = createEngine(curveOf(change));
    expect(verdictsOf(engine)).toEqual(RIGHT);
    expect(engine.status().engine).toBe('reference');
    expect(engine.status().parts.filter(({ engine: of }) => of === 'kernel')).toEqual([
      { part: 'digest', engine: 'kernel', reason: null },
    ]);
  });

  it('falls back at the first prepared key when only the tables are wrong', () => {
    const engine = createEngine(curveOf(() => ({ verify_prepared: () => 1 })));
    expect(engine.status().engine).toBe('kernel');
    for (const name of NAMES) expect(engine.prepareKey(name, SIGNATURE_ANSWERS[name].publicKey)).toBe(true);
    expect(verdictsOf(engine)).toEqual(RIGHT);
    expect(engine.status()).toMatchObject({ engine: 'reference', preparedKeys: 0 });
  });

  it('falls back for digests alone when a table of theirs is wrong', () => {
    const engine = createEngine({
      curve: (octets) => committedKernel.curve(octets),
      digest() {
        const kernel = committedKernel.digest();
        return { ...kernel, constants: () => kernel.buffer() };
      },
    });
    const running = engine.startDigest('streebog-256');
    const reference = referenceDigest('streebog-256');
    expect(running.digest()).toEqual(reference.digest());
    expect(engine.status().parts.map(({ engine: of }) => of)).toEqual([
      'reference',
      'kernel',
      'kernel',
      'kernel',
    ]);
  });

  it('verifies without tables where there is no memory for them', () => {
    const engine = createEngine(
      curveOf(({ memory }) => ({
        memory: {
          get buffer() {
            return memory.buffer;
          },
          grow() {
            throw new RangeError('out of memory');
          },
        },
      })),
    );
    for (const name of NAMES) expect(engine.prepareKey(name, SIGNATURE_ANSWERS[name].publicKey)).toBe(true);
    expect(verdictsOf(engine)).toEqual(RIGHT);
    expect(engine.status()).toMatchObject({ engine: 'kernel', preparedKeys: 0 });
  });
});

describe('the memory of a kernel', () => {
  const curve = parametersOf('gost2015-512');
  const MEGABYTE = 1 << 20;

  it('is bounded however many keys are prepared, and does not grow with verifications', () => {
    const instance = committedKernel.curve(64);
    const scheme = kernelScheme(curve, instance);
    const before = instance.memory.buffer.byteLength;
    expect(before).toBeLessThan(2.5 * MEGABYTE);
    for (let d = 1n; d <= 11n; d++) expect(scheme.prepareKey(publicKeyOf(curve, d))).toBe(true);
    expect(scheme.preparedKeys).toBe(8);
    const after = instance.memory.buffer.byteLength;
    expect((after - before) / 8).toBeLessThan(1.3 * MEGABYTE);

    const digest = new Uint8Array(64).fill(7);
    const e = BigInt(`0x${'07'.repeat(64)}`);
    // The three longest unused have given way and are still verified; the last eight are verified with tables.
    for (let d = 1n; d <= 12n; d++) {
      const key = publicKeyOf(curve, d);
      const signature = signWithNonce(curve, d, 1234567n + d, e)!;
      expect(scheme.verify(key, signature, digest)).toBe(true);
      signature[5]! ^= 1;
      expect(scheme.verify(key, signature, digest)).toBe(false);
    }
    for (let i = 0; i < 300; i++) scheme.verify(new Uint8Array(128).fill(i), new Uint8Array(128), digest);
    expect(instance.memory.buffer.byteLength).toBe(after);
  });

  it('keeps the most recently used of the prepared keys', () => {
    const scheme = kernelScheme(curve, committedKernel.curve(64));
    const keys = Array.from({ length: 9 }, (_, d) => publicKeyOf(curve, BigInt(d + 1)));
    for (const key of keys.slice(0, 8)) scheme.prepareKey(key);
    scheme.prepareKey(keys[0]!);
    scheme.prepareKey(keys[8]!);
    scheme.forgetKey(keys[1]!); // gave way to the ninth, so there is nothing to forget
    expect(scheme.preparedKeys).toBe(8);
    scheme.forgetKey(keys[0]!);
    expect(scheme.preparedKeys).toBe(7);
  });
});

describe.each(ALGORITHMS)('the kernel and the reference on %s', (algorithm) => {
  const startDigest = kernelDigests(committedKernel.digest());
  const whole = (start: typeof startDigest, data: Uint8Array): Uint8Array => {
    const running = start(algorithm);
    running.update(data);
    return running.digest();
  };

  it('agree on every length up to four blocks and on some beyond the kernel’s buffer', () => {
    const data = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 151 + (i >> 8) * 17) & 255);
    const lengths = [...Array(260).keys(), 65_535, 65_536, 65_537, 131_072, 131_100, 200_000];
    for (const length of lengths) {
      const message = data.subarray(0, length);
      expect([length, whole(startDigest, message)]).toEqual([length, whole(referenceDigest, message)]);
    }
  });

  it('agree with several messages under way at once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2), fc.uint8Array({ maxLength: 200 })), { maxLength: 20 }),
        (turns) => {
          const fast = ALGORITHMS.map((each) => startDigest(each));
          const slow = ALGORITHMS.map((each) => referenceDigest(each));
          for (const [which, piece] of turns) {
            fast[which]!.update(piece);
            slow[which]!.update(piece);
          }
          expect(fast.map((running) => running.digest())).toEqual(slow.map((running) => running.digest()));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the committed kernel', () => {
  const root = join(import.meta.dirname, '..', '..', '..');
  const folder = join(root, 'src', 'eds', 'gost', 'kernel');

  it('was built from the sources beside it', () => {
    const hash = createHash('sha256');
    for (const name of readdirSync(folder)
      .filter((file) => /\.[ch]$/.test(file))
      .sort()) {
      hash
        .update(name)
        .update('\0')
        .update(readFileSync(join(folder, name)))
        .update('\0');
    }
    expect(KERNEL.sources).toBe(hash.digest('hex'));
  });

  it.each(Object.entries(KERNEL.modules))('carries the true hash of %s', (_, { sha256, base64 }) => {
    expect(createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex')).toBe(sha256);
  });

  const built = commandPresent('clang-19') && commandPresent('wasm-ld-19') ? it : it.skip;
  built(
    'comes out of the compiler octet by octet',
    () => {
      const output = execFileSync('node', [join(root, 'scripts', 'build-kernel.js'), '--check']).toString();
      expect(output).toContain('the committed modules are those');
    },
    120_000,
  );
});
