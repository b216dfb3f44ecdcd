import { loadConfig } from '../../config.js';
import { describeSettings } from '../../config/environment.js';
import { ConfigError } from '../../config/mistake.js';
import { type Command, EXIT, UsageError } from '../command.js';

const usage = `Usage: qaqpa config check

Reads the configuration from QAQPA_* variables (secrets also from the files QAQPA_*_FILE name), says everything that is wrong
with it, and lists every setting with its value and where it comes from. Secrets are never shown. Nothing is started.

Exit codes: 0 usable, 78 not usable.
`;

export const command: Command = {
  usage,
  run(args, { env, stdout, stderr }) {
    if (args.length !== 1 || args[0] !== 'check') throw new UsageError('config knows one word: check');
    let problem: ConfigError | null = null;
    try {
      loadConfig(env);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problem = error;
    }
    const settings = describeSettings(env);
    const width = Math.max(...settings.map(({ variable }) => variable.length));
    for (const { variable, value, from } of settings)
      stdout.write(`${variable.padEnd(width)}  ${value}  (${from})\n`);
    if (problem === null) {
      stdout.write('The configuration is usable.\n');
      return Promise.resolve(EXIT.ok);
    }
    stderr.write(`The configuration is not usable:\n${problem.message.replace(/^/gm, '  ')}\n`);
    return Promise.resolve(EXIT.configuration);
  },
};
