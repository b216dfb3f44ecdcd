import { execFileSync } from 'node:child_process';

/**
 * True where a command the test needs is installed. Where it is absent the test is skipped by name; under `CI=true` this
 * throws, because CI installs it.
 */
export function commandPresent(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch (cause) {
    if (process.env['CI'] === 'true') throw new Error(`${command} is not installed`, { cause });
    return false;
  }
}
