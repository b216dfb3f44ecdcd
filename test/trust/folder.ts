import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Manifest, type ManifestEntry } from '../../src/trust/manifest.js';

export const SHIPPED = join(import.meta.dirname, '..', '..', 'certs');

/** A writable copy of the shipped trust folder. */
export function copyOfShipped(): string {
  const directory = mkdtempSync(join(tmpdir(), 'qaqpa-trust-'));
  cpSync(SHIPPED, directory, { recursive: true });
  return directory;
}

export function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as Manifest;
}

export function writeManifest(directory: string, manifest: unknown): void {
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
}

/** Changes one entry of the folder's manifest as an editor would, past all checks. */
export function editEntry(directory: string, name: string, change: Partial<ManifestEntry>): void {
  const manifest = readManifest(directory);
  const entries = manifest.entries.map((entry) => (entry.name === name ? { ...entry, ...change } : entry));
  writeManifest(directory, { ...manifest, entries });
}
