import { connect } from 'node:net';
import { dirname } from 'node:path';
import { type Config, loadConfig } from '../../config.js';
import { missingProxyNotice } from '../../config/local-origin.js';
import { ConfigError } from '../../config/mistake.js';
import { trustDirectory } from '../../gateway.js';
import { parseDatabaseUrl } from '../../storage/engines/database-url.js';
import { describeDiskSpace, diskSpaceOf } from '../../storage/upkeep/disk-space.js';
import { loadTrust } from '../../trust/load.js';
import { type Command, EXIT, UsageError } from '../command.js';
import { failed, type Finding, ok, warning } from '../finding.js';
import { gatewayFindings } from '../gateway-findings.js';
import { storeFindings } from '../store-findings.js';

const usage = `Usage: qaqpa doctor

Looks at everything the gateway needs before people do: settings, room on the disk, the database with its schema, master key and audit log, Redis, secrets of
API clients that expire soon, the trusted certificates, whether the revocation services can be reached from this machine, and what a gateway that runs
here says of itself. Changes nothing.

Exit codes: 0 all is well, 1 something is not.
`;

const CONNECT_TIMEOUT_MS = 5_000;

export const command: Command = {
  usage,
  async run(args, { env, stdout, now }) {
    if (args.length > 0) throw new UsageError('doctor takes no arguments');
    const findings = await examine(env, now());
    for (const { what, state, note } of findings) stdout.write(`${state.padEnd(8)} ${what}: ${note}\n`);
    return findings.some(({ state }) => state === 'failed') ? EXIT.failed : EXIT.ok;
  },
};

async function examine(
  env: Readonly<Record<string, string | undefined>>,
  now: Date,
): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.map(({ variable, problem, remedy }) => failed(variable, `${problem}. ${remedy}.`));
  }
  const services = await Promise.all([
    ...config.revocation.ocspUrls.map((url) => reach('OCSP', url)),
    ...distinctHosts(config.revocation.crls.map(({ url }) => url)).map((url) => reach('CRL', url)),
  ]);
  return [
    ok('settings', 'read'),
    ...(await diskFindings(config)),
    ...(await storeFindings(config, now)),
    ...(await trust(config, now)),
    ...services,
    ...proxyFindings(config),
    ...(await gatewayFindings(config)),
  ];
}

function proxyFindings(config: Config): readonly Finding[] {
  const notice = missingProxyNotice(config);
  return notice === null ? [] : [warning('proxies', notice)];
}

/** Of the folders that are there: what is not made yet lies on the disk of the folder above. */
async function diskFindings({ dataDir, databaseUrl }: Config): Promise<readonly Finding[]> {
  const address = parseDatabaseUrl(databaseUrl);
  const folders = new Set([dataDir, ...(address.engine === 'sqlite' ? [dirname(address.path)] : [])]);
  const findings: Finding[] = [];
  for (const folder of folders) {
    const space = (await diskSpaceOf(folder)) ?? (await diskSpaceOf(dirname(folder)));
    if (space === null) continue;
    const find = { ok, low: warning, full: failed }[space.state];
    findings.push(find('disk', describeDiskSpace(folder, space)));
  }
  return findings;
}

async function trust(config: Config, now: Date): Promise<readonly Finding[]> {
  try {
    const { set, warnings } = await loadTrust(trustDirectory(config), now);
    return [
      ok('trust', `${set.entries.length} certificates, version ${set.version}`),
      ...warnings.map((note) => warning('trust', note)),
    ];
  } catch (error) {
    return [failed('trust', messageOf(error))];
  }
}

/** Whether a connection can be opened. What the service says is judged when somebody signs in. */
async function reach(kind: string, url: string): Promise<Finding> {
  const { hostname, port, protocol, host } = new URL(url);
  const what = `${kind} ${host}`;
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
    });
    socket.setTimeout(CONNECT_TIMEOUT_MS);
    const answer = (finding: Finding): void => {
      socket.destroy();
      resolve(finding);
    };
    socket.once('connect', () => {
      answer(ok(what, 'reachable'));
    });
    socket.once('timeout', () => {
      answer(failed(what, `no connection within ${CONNECT_TIMEOUT_MS / 1000} s`));
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      answer(failed(what, `not reachable (${error.code ?? 'error'})`));
    });
  });
}

function distinctHosts(urls: readonly string[]): string[] {
  return [...new Map(urls.map((url) => [new URL(url).host, url])).values()];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
