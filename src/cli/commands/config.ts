import { type Config, loadConfig } from '../../config.js';
import { describeSettings } from '../../config/environment.js';
import { ConfigError } from '../../config/mistake.js';
import { trustDirectory } from '../../gateway.js';
import { TermsError } from '../../personal-data/error.js';
import { DEFAULT_TERMS_DIRECTORY, loadTerms } from '../../personal-data/terms.js';
import { openBreachedSet } from '../../storage/breached-set/open.js';
import { StorageError } from '../../storage/error.js';
import { TrustError } from '../../trust/error.js';
import { loadTrust } from '../../trust/load.js';
import { type Command, type CommandIo, EXIT, UsageError } from '../command.js';

const usage = `Usage: qaqpa config check

Reads the configuration from QAQPA_* variables (secrets also from the files QAQPA_*_FILE name), says everything that is wrong
with it, and lists every setting with its value and where it comes from. Secrets are never shown. The folders of the trusted
certificates and of the terms are read as well, and the head of the file of breached passwords. Nothing is started.

Exit codes: 0 usable, 78 not usable.
`;

export const command: Command = {
  usage,
  async run(args, { env, stdout, stderr, now }) {
    if (args.length !== 1 || args[0] !== 'check') throw new UsageError('config knows one word: check');
    const problems = await problemsOf(env, now());
    const settings = describeSettings(env);
    const width = Math.max(...settings.map(({ variable }) => variable.length));
    for (const { variable, value, from } of settings)
      stdout.write(`${variable.padEnd(width)}  ${value}  (${from})\n`);
    if (problems.length === 0) {
      stdout.write('The configuration is usable.\n');
      return EXIT.ok;
    }
    stderr.write(`The configuration is not usable:\n${problems.join('\n').replace(/^/gm, '  ')}\n`);
    return EXIT.configuration;
  },
};

async function problemsOf(env: CommandIo['env'], now: Date): Promise<readonly string[]> {
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [error.message];
  }
  const problems: string[] = [];
  await loadTrust(trustDirectory(config), now).catch((error: unknown) => {
    if (!(error instanceof TrustError)) throw error;
    problems.push(`QAQPA_TRUST_DIR: ${error.message}`);
  });
  await loadTerms(config.terms.dir ?? DEFAULT_TERMS_DIRECTORY, now).catch((error: unknown) => {
    if (!(error instanceof TermsError)) throw error;
    problems.push(`QAQPA_TERMS_DIR: ${error.message}`);
  });
  if (config.breachedPasswords !== null) {
    await openBreachedSet(config.breachedPasswords)
      .then((set) => set.close())
      .catch((error: unknown) => {
        if (!(error instanceof StorageError)) throw error;
        problems.push(`QAQPA_BREACHED_PASSWORDS: ${error.message}`);
      });
  }
  return problems;
}
