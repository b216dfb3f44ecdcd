import { dispatch } from './dispatch.js';

// A reader that closes early (`qaqpa … | head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// Loading the gateway takes a moment in which a reload must not end it; it reads the manifest afterwards anyway.
if (process.argv[2] === 'serve') process.on('SIGHUP', () => undefined);

process.exitCode = await dispatch(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
});
