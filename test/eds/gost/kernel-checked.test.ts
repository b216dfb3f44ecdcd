import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { referenceDigest } from '../../../src/eds/gost/digest-reference.js';
import { SUBSTITUTION } from '../../../src/eds/gost/gost34311.js';
import { type GostCurve } from '../../../src/eds/gost/index.js';
import { CONSTANTS, HIGH, LOW } from '../../../src/eds/gost/streebog.js';
import { commandPresent } from '../../support/command.js';
import { signatureCases } from '../../support/gost-cases.js';
import { littleEndian, parametersOf } from '../../support/gost-signer.js';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];

/** Adversarial limb patterns a formula is tried with, and signatures; the long run is 1,200,000 and 100,000. */
const ROUNDS = Number(process.env['GOST_CHECKED_ROUNDS'] ?? 3000);
const SIGNATURES = Number(process.env['GOST_CHECKED_SIGNATURES'] ?? 128);

/** Clang and the runtime of its sanitizers (Debian: libclang-rt-19-dev). */
function sanitizersPresent(): boolean {
  if (!commandPresent('clang-19')) return false;
  try {
    const input = 'int main(void) { return 0; }';
    execFileSync('clang-19', [...SANITIZERS, '-x', 'c', '-', '-o', '/dev/null'], { input, stdio: 'pipe' });
    return true;
  } catch (cause) {
    if (process.env['CI'] === 'true') throw new Error('clang-19 has no sanitizers', { cause });
    return false;
  }
}

(sanitizersPresent() ? describe : describe.skip)('the kernel with its bounds asserted', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qaqpa-kernel-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Compiles the checked build with clang's sanitizers and gives it an input; its output. */
  function run(definition: string, input: string, ...args: readonly string[]): string {
    const program = join(folder, definition);
    if (!existsSync(program)) {
      const source = join(import.meta.dirname, 'kernel-checked.c');
      const flags = ['-O1', '-g1', '-fno-builtin', '-Wall', '-Wextra', '-Werror', '-Wno-unused-function'];
      const definitions = ['-DKERNEL_CHECKED', `-D${definition}`];
      execFileSync('clang-19', [...flags, ...SANITIZERS, ...definitions, source, '-o', program]);
    }
    return execFileSync(program, [...args], { input }).toString();
  }

  it.each<[GostCurve, string]>([
    ['gost2015-512', 'P512'],
    ['gost2015-256', 'P256'],
    ['gost2004-256', 'P256'],
  ])(
    'holds them on %s for the largest limbs and for contrived signatures',
    (name, definition) => {
      const { a, b, gx, gy, n, h, octets, orderTwo } = parametersOf(name);
      const lines = [
        [a, b, gx, gy, n, orderTwo ?? 0n].map((value) => hex(littleEndian(value, octets))).join('') + ` ${h}`,
      ];
      for (const { valid, publicKey, signature, digest } of signatureCases(name, 512)) {
        if (lines.length > SIGNATURES) break;
        lines.push(`${valid ? 1 : 0} ${hex(publicKey)}${hex(signature)}${hex(digest)}`);
      }
      const output = run(definition, lines.join('\n'), String(ROUNDS));
      expect(output).toMatch(
        new RegExp(`^passed ${SIGNATURES} signatures, [1-9]\\d* prepared, [1-9]\\d* careful`),
      );
    },
    600_000,
  );

  it('reads and writes nothing it should not while hashing', () => {
    const words = (values: Uint32Array): string =>
      [...values].map((value) => hex(littleEndian(BigInt(value), 4))).join('');
    const table = [...LOW].map((low, i) => words(Uint32Array.of(low, HIGH[i]!))).join('');
    const lines = [table, CONSTANTS.map(words).join(''), words(SUBSTITUTION)];
    const algorithms = { 512: 'streebog-512', 256: 'streebog-256', 94: 'gost34311-95' } as const;
    for (const [number, algorithm] of Object.entries(algorithms)) {
      for (const length of [0, 1, 31, 32, 33, 63, 64, 65, 127, 128, 1000, 60_000]) {
        const message = Uint8Array.from({ length }, (_, i) => (i * 151 + 3) & 255);
        const running = referenceDigest(algorithm);
        running.update(message);
        lines.push(`${number} ${length} ${hex(message)} ${hex(running.digest())}`);
      }
    }
    expect(run('DIGEST', lines.join('\n'))).toBe('passed 36 digests\n');
  }, 120_000);
});
