// Compiles the GOST kernel (src/eds/gost/kernel) to WebAssembly and writes its bytes into src/eds/gost/kernel/modules.ts.
// With --check nothing is written: the fresh bytes must equal the committed ones. Needs Debian's clang-19 and lld-19; users
// and the ordinary `npm ci && npm test` do not need it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import prettier from 'prettier';

const CLANG = 'clang-19';
const LINKER = 'wasm-ld-19';
const FLAGS = [
  '--target=wasm32',
  '-ffreestanding',
  '-fno-builtin',
  '-O2',
  '-mbulk-memory',
  '-msimd128',
  '-Wall',
  '-Wextra',
  '-Werror',
];
const MODULES = [
  ['curve512', 'curve.c', ['-DP512']],
  ['curve256', 'curve.c', ['-DP256']],
  ['digest', 'digest.c', []],
];

const folder = new URL('../src/eds/gost/kernel/', import.meta.url).pathname;
const sha256 = (...parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

function sourceHash() {
  const names = readdirSync(folder).filter((name) => /\.[ch]$/.test(name));
  return sha256(...names.sort().flatMap((name) => [name, '\0', readFileSync(join(folder, name)), '\0']));
}

/** One module, linked by hand: the clang driver would run whatever wasm-opt is installed. */
function build(source, definitions, scratch) {
  const [object, module] = [join(scratch, 'kernel.o'), join(scratch, 'kernel.wasm')];
  execFileSync(CLANG, [...FLAGS, ...definitions, '-c', source, '-o', object], { cwd: folder });
  execFileSync(LINKER, [
    '--no-entry',
    '--export-memory',
    '--strip-all',
    '-z',
    'stack-size=65536',
    object,
    '-o',
    module,
  ]);
  return readFileSync(module);
}

const scratch = mkdtempSync(join(tmpdir(), 'qaqpa-kernel-'));
let built;
try {
  built = MODULES.map(([name, source, definitions]) => [name, build(source, definitions, scratch)]);
} finally {
  rmSync(scratch, { recursive: true });
}
const compiler = execFileSync(CLANG, ['--version']).toString().split('\n')[0];
const target = join(folder, 'modules.ts');

if (process.argv.includes('--check')) {
  const committed = readFileSync(target, 'utf8');
  const different = built.filter(([, bytes]) => !committed.includes(sha256(bytes))).map(([name]) => name);
  if (!committed.includes(sourceHash())) different.push('the hash of the sources');
  if (different.length > 0) {
    console.error(`kernel: ${different.join(', ')} differ from ${target}; run npm run build:kernel`);
    process.exit(1);
  }
  console.log(`kernel: the committed modules are those ${compiler} makes of the sources`);
} else {
  const entries = built.map(
    ([name, bytes]) => `${name}: { sha256: '${sha256(bytes)}', base64: '${bytes.toString('base64')}' },`,
  );
  const text = `
/** The GOST kernel as WebAssembly. Written by \`npm run build:kernel\` from the C sources beside it; never edited. */
export const KERNEL = {
  /** What compiled it. */
  compiler: '${compiler}',
  /** SHA-256 over the names and octets of the C sources, in the order of their names. */
  sources: '${sourceHash()}',
  modules: { ${entries.join('\n')} },
} as const;
`;
  const options = await prettier.resolveConfig(target);
  writeFileSync(target, await prettier.format(text, { ...options, parser: 'typescript' }));
  for (const [name, bytes] of built) console.log(`${name}: ${bytes.length} octets, sha256 ${sha256(bytes)}`);
}
