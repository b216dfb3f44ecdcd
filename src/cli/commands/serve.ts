import { runGateway } from '../../main.js';
import { ConfigError } from '../../config.js';
import { TrustError } from '../../trust/error.js';
import { StorageError } from '../../storage/error.js';
import { type Command, type CommandIo, EXIT, UsageError } from '../command.js';

const usage = `Usage: qaqpa serve

Runs the gateway until SIGTERM or SIGINT; requests under way are finished first. SIGHUP reads the trust manifest again.
Settings come from QAQPA_* variables: \`qaqpa config check\` lists and checks them.

Exit codes: 0 stopped as told, 78 wrong configuration, 69 a store, the trust folder or a port cannot be had.
`;

export const command: Command = {
  usage,
  async run(args, io) {
    if (args.length > 0) throw new UsageError('serve takes no arguments');
    try {
      await runGateway(io.env, process, () => undefined);
      return EXIT.ok;
    } catch (error) {
      return explain(error, io);
    }
  },
};

/** What an operator can put right is told in a few lines; anything else keeps its stack. */
function explain(error: unknown, { stderr }: CommandIo): number {
  if (error instanceof ConfigError) {
    stderr.write(`qaqpa: the configuration is wrong:\n${error.message.replace(/^/gm, '  ')}\n`);
    return EXIT.configuration;
  }
  const listening = error instanceof Error && 'syscall' in error && error.syscall === 'listen';
  if (error instanceof TrustError || error instanceof StorageError || listening) {
    stderr.write(`qaqpa: cannot start: ${error.message}\n`);
    return EXIT.unavailable;
  }
  throw error;
}
