import { statfs } from 'node:fs/promises';

/** Enough for some hours of sign-ins, and what SQLite needs to carry its log over and to stop in order. */
const LOW_BYTES = 256 * 1024 * 1024;
const FULL_BYTES = 16 * 1024 * 1024;

export interface DiskSpace {
  /** `full`: records cannot be kept much longer, or already not. */
  readonly state: 'ok' | 'low' | 'full';
  /** Octets that this user may still write. */
  readonly freeBytes: number;
}

/** How much room is left on the disk of a folder; null where the system does not say. */
export async function diskSpaceOf(folder: string): Promise<DiskSpace | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    const freeBytes = bavail * bsize;
    const state = freeBytes < FULL_BYTES ? 'full' : freeBytes < LOW_BYTES ? 'low' : 'ok';
    return { state, freeBytes };
  } catch {
    return null;
  }
}

/** In words, for an operator who can make room. */
export function describeDiskSpace(folder: string, { state, freeBytes }: DiskSpace): string {
  const megabytes = `${Math.floor(freeBytes / 1_048_576)} MB`;
  const room = `the disk of ${folder} has ${megabytes} left`;
  if (state === 'ok') return room;
  return state === 'low'
    ? `${room}; make room before records cannot be kept`
    : `${room}: nothing can be recorded soon, and then no sign-in is possible; make room`;
}
