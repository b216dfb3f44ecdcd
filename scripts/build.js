// Compiles src/ into dist/, from nothing: what a renamed or deleted source left compiled would be published with the rest. Where
// dist/ is already what these sources and this compiler make, it is left as it is, so that a start does not wait for it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const dist = join(project, 'dist');
/** What the build was made of; written last, so that a build broken off is no build. */
const stamp = join(dist, '.sources');
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

function sources() {
  const below = readdirSync(join(project, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const around = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.js'];
  const hash = createHash('sha256').update(readFileSync(join(compiler, '../../package.json')));
  for (const file of [...below.sort(), ...around.map((name) => join(project, name))]) {
    const bytes = readFileSync(file);
    hash.update(`\0${file.slice(project.length)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

function compile(tsconfig) {
  const { status, error } = spawnSync(process.execPath, [compiler, '-p', join(project, tsconfig)], {
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const current = sources();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== current) {
  rmSync(dist, { recursive: true, force: true });
  compile('tsconfig.build.json');
  compile('src/web/browser');
  // Style sheets and images are not TypeScript: they go beside the compiled pages as they are.
  cpSync(join(project, 'src/web/assets'), join(dist, 'web/assets'), { recursive: true });
  writeFileSync(stamp, current);
}
