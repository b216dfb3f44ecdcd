import { ConfigError } from '../config/mistake.js';
import { TermsError } from '../personal-data/error.js';
import { StorageError } from '../storage/error.js';
import { TrustError } from '../trust/error.js';
import { ThreadStartError } from '../workers/thread.js';
import { type CommandIo, EXIT } from './command.js';

/**
 * Tells an operator in a few lines what keeps a gateway from starting, where it is something they can put right.
 *
 * @returns the exit code
 * @throws the error itself where it is anything else, so that it keeps its stack
 */
export function explainStartFailure(error: unknown, { stderr }: CommandIo): number {
  if (error instanceof ConfigError) {
    stderr.write(`qaqpa: the configuration is wrong:\n${error.message.replace(/^/gm, '  ')}\n`);
    return EXIT.configuration;
  }
  if (error instanceof TermsError) {
    stderr.write(`qaqpa: the terms cannot be used:\n${error.message.replace(/^/gm, '  ')}\n`);
    return EXIT.configuration;
  }
  if (
    error instanceof TrustError ||
    error instanceof StorageError ||
    error instanceof ThreadStartError ||
    isAddressFailure(error)
  ) {
    stderr.write(`qaqpa: cannot start: ${error.message}\n`);
    return EXIT.unavailable;
  }
  throw error;
}

/** The address to listen on is taken, is not this machine's, or has no such name. By its form: a test's realm has another Error class. */
function isAddressFailure(error: unknown): error is { readonly message: string } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'message' in error &&
    'syscall' in error &&
    (error.syscall === 'listen' || error.syscall === 'getaddrinfo')
  );
}
