import { runGateway } from '../../main.js';
import { type Command, EXIT, UsageError } from '../command.js';
import { followLauncher } from '../launcher.js';
import { explainStartFailure } from '../start-failure.js';

const usage = `Usage: qaqpa serve

Runs the gateway until SIGTERM or SIGINT; requests under way are finished first. SIGHUP reads the trust manifest again.
Settings come from QAQPA_* variables: \`qaqpa config check\` lists and checks them.

Exit codes: 0 stopped as told, 78 wrong configuration, 69 a store, the trust folder or a port cannot be had.
`;

export const command: Command = {
  usage,
  async run(args, io) {
    if (args.length > 0) throw new UsageError('serve takes no arguments');
    const forgetLauncher = followLauncher(process, io.env);
    try {
      await runGateway(io.env, process, ({ origin, notices }) => {
        // Beside the log, which is for programs.
        io.stderr.write(`qaqpa: open at ${origin}\n`);
        for (const notice of notices) io.stderr.write(`qaqpa: ${notice}\n`);
      });
      return EXIT.ok;
    } catch (error) {
      return explainStartFailure(error, io);
    } finally {
      forgetLauncher();
    }
  },
};
