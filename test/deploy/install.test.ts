/** What a fresh clone needs: Node, npm and the registry, and no compiler. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const json = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));

interface Locked {
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
}
const { packages } = json('package-lock.json') as { packages: Record<string, Locked> };
const { allowScripts } = json('package.json') as { allowScripts: Record<string, boolean> };

it('no package the gateway runs with may run a script while it is installed', () => {
  const scripted = Object.entries(packages)
    .filter(([, { hasInstallScript, dev, optional }]) => hasInstallScript === true && !dev && !optional)
    .map(([place]) => place.replace(/^.*node_modules\//, ''));
  expect(scripted.map((name) => [name, allowScripts[name]])).toEqual([['@photostructure/sqlite', false]]);
});

it.each([
  'darwin-arm64/@photostructure+sqlite.glibc.node',
  'darwin-x64/@photostructure+sqlite.glibc.node',
  'linux-arm64/@photostructure+sqlite.glibc.node',
  'linux-arm64/@photostructure+sqlite.musl.node',
  'linux-x64/@photostructure+sqlite.glibc.node',
  'linux-x64/@photostructure+sqlite.musl.node',
  'win32-arm64/@photostructure+sqlite.glibc.node',
  'win32-x64/@photostructure+sqlite.glibc.node',
])('the engine of the embedded store is there for %s', (name) => {
  expect(existsSync(join(ROOT, 'node_modules/@photostructure/sqlite/prebuilds', name))).toBe(true);
});

it.each(
  [
    'darwin-arm64',
    'darwin-x64',
    'linux-arm64-gnu',
    'linux-arm64-musl',
    'linux-x64-gnu',
    'linux-x64-musl',
  ].concat('win32-arm64-msvc', 'win32-x64-msvc'),
)('the lock names the password hasher for %s', (platform) => {
  expect(Object.keys(packages)).toContain(`node_modules/@node-rs/argon2-${platform}`);
});
