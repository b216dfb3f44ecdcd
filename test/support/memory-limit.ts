/** A limit of memory that the system keeps: who goes beyond it is killed. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MemoryLimit {
  /** What a shell runs before it becomes the limited program. */
  readonly enter: string;
  /** Whether the system has killed anything for want of memory. */
  killed(): boolean;
  /** Once nothing runs in it any more. */
  remove(): void;
}

/** Where control groups of memory are made, by their version, and the names of their files. */
const GROUPS = [
  {
    folder: '/sys/fs/cgroup/memory',
    sign: 'memory.limit_in_bytes',
    limit: 'memory.limit_in_bytes',
    events: 'memory.oom_control',
  },
  { folder: '/sys/fs/cgroup', sign: 'cgroup.controllers', limit: 'memory.max', events: 'memory.events' },
] as const;

/**
 * Makes a control group of so many octets, of either version.
 *
 * @returns null where this process may not: without the right to, or where the system has none
 */
export function limitMemory(octets: number): MemoryLimit | null {
  const group = GROUPS.find(({ folder, sign }) => existsSync(join(folder, sign)));
  if (group === undefined) return null;
  const own = join(group.folder, `qaqpa-test-${process.pid}-${Date.now()}`);
  const remove = (): void => {
    rmdirSync(own);
  };
  try {
    mkdirSync(own);
  } catch {
    return null;
  }
  try {
    writeFileSync(join(own, group.limit), String(octets));
  } catch {
    // The group is there and memory is not among what it can limit.
    remove();
    return null;
  }
  return {
    enter: `echo $$ > '${join(own, 'cgroup.procs')}'`,
    killed: () => /^oom_kill [1-9]/m.test(readFileSync(join(own, group.events), 'utf8')),
    remove,
  };
}
