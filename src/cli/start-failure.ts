import { ListenError } from '../http/kernel/server.js';
import { ConfigError } from '../config/mistake.js';
import { TermsError } from '../personal-data/error.js';
import { StorageError } from '../storage/error.js';
import { TrustError } from '../trust/error.js';
import { ThreadStartError } from '../verdicts/thread.js';
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
    error instanceof ListenError
  ) {
    stderr.write(`qaqpa: cannot start: ${error.message}\n`);
    return EXIT.unavailable;
  }
  throw error;
}
