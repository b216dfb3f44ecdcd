/** Go's own transparency log (golang.org/x/mod/sumdb: note, tlog), as Debian packages it, as an outside verifier of ours. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GOPATH = '/usr/share/gocode';
const SOURCE = join(import.meta.dirname, 'tlog', 'main.go');

/** What is verified; see `tlog/main.go`. */
export interface Evidence {
  readonly keys: readonly string[];
  /** The older and the newer one. */
  readonly checkpoints: readonly string[];
  readonly proofs: readonly string[];
  readonly consistency: readonly string[];
}

/** What is missing of it here, or null; under `CI=true` missing throws, because CI installs it. */
export function sumdbMissing(): string | null {
  const missing = isCommand()
    ? existsSync(`${GOPATH}/src/golang.org/x/mod/sumdb`)
      ? null
      : 'golang-golang-x-mod-dev'
    : 'golang-go';
  if (missing !== null && process.env['CI'] === 'true') throw new Error(`${missing} is not installed`);
  return missing;
}

function isCommand(): boolean {
  return spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;
}

export interface OutsideVerifier {
  /** @returns the reason it refuses, or null where everything holds */
  refusalOf(evidence: Evidence): string | null;
  remove(): void;
}

/** Compiles the verifier. */
export function buildVerifier(): OutsideVerifier {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-sumdb-'));
  const program = join(folder, 'verify');
  const env = { ...process.env, GOPATH, GO111MODULE: 'off', GOFLAGS: '', GOCACHE: join(folder, 'cache') };
  execFileSync('go', ['build', '-o', program, SOURCE], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  return {
    refusalOf(evidence) {
      const { status, stderr } = spawnSync(program, { input: JSON.stringify(evidence), encoding: 'utf8' });
      return status === 0 ? null : stderr.trim();
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
