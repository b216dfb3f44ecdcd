import { describe, expect, it } from '@jest/globals';
import { CURVES } from '../../../src/eds/gost/curves.js';
import { type GostCurve } from '../../../src/eds/gost/index.js';
import { committedKernel } from '../../../src/eds/gost/kernel/instance.js';
import { kernelScheme } from '../../../src/eds/gost/signature-kernel.js';
import { referenceScheme } from '../../../src/eds/gost/signature-reference.js';
import { type SignatureCase, signatureCases } from '../../support/gost-cases.js';

/** Raised for a long run: `GOST_FUZZ_CHECKS=1000000 GOST_FUZZ_SEED=7 npx jest test/eds/gost/kernel.test.ts`. */
const CHECKS = Number(process.env['GOST_FUZZ_CHECKS'] ?? 21_000);
const SEED = Number(process.env['GOST_FUZZ_SEED'] ?? 2015);
/** One case in so many is put to the reference as well: it takes more than ten times as long. */
const REFERENCE_EVERY = 40;
const NAMES: readonly GostCurve[] = ['gost2015-512', 'gost2015-256', 'gost2004-256'];

describe.each(NAMES)('the kernel on %s', (name) => {
  const curve = CURVES[name];
  const instance = committedKernel.curve(curve.octets);
  const kernel = kernelScheme(curve, instance);
  const memory = instance.memory.buffer.byteLength;
  const reference = referenceScheme(curve);

  it(
    'gives the known verdict on every case, as the reference does',
    () => {
      const wrong: string[] = [];
      const disagreeing: string[] = [];
      let count = 0;
      for (const one of signatureCases(name, SEED)) {
        if (count >= CHECKS / NAMES.length) break;
        if (kernel.verify(one.publicKey, one.signature, one.digest) !== one.valid) wrong.push(one.label);
        if (count++ % REFERENCE_EVERY === 0) {
          const verdict = reference.verify(one.publicKey, one.signature, one.digest);
          if (verdict !== one.valid) disagreeing.push(one.label);
        }
      }
      expect(wrong).toEqual([]);
      expect(disagreeing).toEqual([]);
      // The contrived keys and nonces must have brought exceptional sums, or the careful formulas were not tried.
      expect(kernel.carefulRuns).toBeGreaterThan(0);
      expect(instance.memory.buffer.byteLength).toBe(memory);
    },
    120_000 + CHECKS * 5,
  );

  it('gives the same verdicts under prepared keys', () => {
    const byKey = new Map<string, SignatureCase[]>();
    let taken = 0;
    for (const one of signatureCases(name, SEED + 1)) {
      if (taken++ >= 1500) break;
      const key = String(one.publicKey);
      byKey.set(key, [...(byKey.get(key) ?? []), one]);
    }
    const often = [...byKey.values()].sort((left, right) => right.length - left.length).slice(0, 24);
    const before = kernel.carefulRuns;
    for (const cases of often) {
      const key = cases[0]!.publicKey;
      if (!kernel.prepareKey(key)) {
        expect(cases.every(({ valid }) => !valid)).toBe(true);
        continue;
      }
      for (const { label, signature, digest, valid } of cases) {
        expect([label, kernel.verify(key, signature, digest)]).toEqual([label, valid]);
      }
    }
    expect(kernel.preparedKeys).toBe(8);
    expect(kernel.carefulRuns).toBeGreaterThan(before);
  }, 120_000);
});
