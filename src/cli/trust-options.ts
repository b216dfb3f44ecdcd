import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TrustSet } from '../eds/trust-set.js';
import { type AbsentAuthority } from '../eds/judgement/verdict.js';
import { loadTrustFiles } from '../trust/directory.js';
import { TrustError } from '../trust/error.js';
import { loadTrust } from '../trust/load.js';
import { type CommandIo, InputError } from './command.js';

/** The trust folder shipped with the program, two folders above both src/cli and dist/cli. */
const SHIPPED = fileURLToPath(new URL('../../certs/', import.meta.url));

/** The trust folder of this machine: `QAQPA_TRUST_DIR`, else the shipped one. */
export function trustDirectory(io: CommandIo): string {
  const configured = io.env['QAQPA_TRUST_DIR'];
  return configured === undefined || configured === '' ? SHIPPED : resolve(io.cwd, configured);
}

/** What verdicts of the command line rest on, and the pinned certificates this machine does not have. */
export interface GivenTrust {
  readonly trust: TrustSet;
  readonly absent: readonly AbsentAuthority[];
}

/**
 * The trust set that `--trust DIR` and `--anchor FILE` describe; without `--trust` that of this machine, to which anchors are
 * added.
 *
 * @throws InputError naming what cannot be used
 */
export async function readTrustOptions(
  directories: readonly string[],
  anchors: readonly string[],
  io: CommandIo,
): Promise<GivenTrust> {
  const absolute = (path: string): string => resolve(io.cwd, path);
  try {
    const loaded = directories.length > 0 ? null : await loadTrust(trustDirectory(io), io.now());
    const absent = loaded?.absent ?? [];
    if (loaded !== null && anchors.length === 0) return { trust: loaded.set, absent };
    const base = loaded?.set ?? null;
    return { trust: await loadTrustFiles(directories.map(absolute), anchors.map(absolute), base), absent };
  } catch (cause) {
    if (!(cause instanceof TrustError)) throw cause;
    throw new InputError(`the trusted certificates cannot be used: ${cause.message}`, { cause });
  }
}
