import { systemBeat } from '../jobs/beat.js';
import { createJobs } from '../jobs/jobs.js';

/** The part of a process that its launcher is seen by. */
interface LaunchedProcess {
  readonly pid: number;
  /** Changes when the parent ends: the system gives its children to another. */
  readonly ppid: number;
  kill(pid: number, signal: 'SIGTERM'): unknown;
  once(signal: 'SIGHUP', listener: () => void): unknown;
  off(signal: 'SIGHUP', listener: () => void): unknown;
}

const LOOK_EVERY_MS = 100;
const SILENT = { added: () => undefined, ended: () => undefined };

/**
 * Stops the process when the shell that npm started it in has gone. npm hands a stop signal to that shell alone, and one like dash dies
 * of it without a word to its children: the gateway would go on, its ports taken, with nobody there to stop it. A terminal that goes
 * away takes the shell too, but says so to us (`SIGHUP`), and a gateway means to outlive that.
 *
 * @returns forgets the launcher
 */
export function followLauncher(
  launched: LaunchedProcess,
  env: Readonly<Record<string, string | undefined>>,
): () => void {
  // npm run and npx say what they run. Whatever else runs below npm, a test for example, may let go of its children.
  if (env['npm_lifecycle_script']?.includes('qaqpa') !== true) return () => undefined;
  const shell = launched.ppid;
  // A clock of its own: the shell may go before the gateway has started, and while it stops.
  const jobs = createJobs({ beat: systemBeat(), clock: () => new Date(), random: () => 0, observer: SILENT });
  const forget = (): void => {
    void jobs.stop();
    launched.off('SIGHUP', forget);
  };
  jobs.add({
    name: 'launcher',
    pace: { everyMs: LOOK_EVERY_MS },
    run() {
      if (launched.ppid === shell) return Promise.resolve();
      forget();
      launched.kill(launched.pid, 'SIGTERM');
      return Promise.resolve();
    },
  });
  jobs.start();
  launched.once('SIGHUP', forget);
  return forget;
}
