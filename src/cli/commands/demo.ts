import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { join, relative } from 'node:path';
import { type Config, loadConfig } from '../../config.js';
import { openConfiguredStorage, startGateway } from '../../gateway.js';
import { type NcalayerDouble, startNcalayerDouble } from '../../lab/index.js';
import { createHttpServer, listen, ListenError, stop } from '../../http/kernel/server.js';
import { runService, type Service } from '../../main.js';
import { type Command, type CommandIo, EXIT, UsageError } from '../command.js';
import { describeDemo, type DemoDescription } from '../demo/description.js';
import { createKeyChooser } from '../demo/key-chooser.js';
import { type DemoLaboratory, startLaboratory, writeTrustFolder } from '../demo/laboratory.js';
import { writeSample } from '../demo/sample.js';
import { seed, type Seeded } from '../demo/seed.js';
import { followLauncher } from '../launcher.js';
import { explainStartFailure } from '../start-failure.js';

export const command: Command = {
  usage: `qaqpa demo: the whole thing on this machine, with nothing else installed

Usage: qaqpa demo

Starts the gateway on http://localhost:8080 with the embedded store, a laboratory PKI with OCSP, CRL and time-stamps, an
NCALayer double on ws://127.0.0.1:13579 and a sample organisation. Prints the accounts and writes demo.json into the data folder.
Stop it with Ctrl+C; accounts, sessions and the audit log stay for the next start, the laboratory's keys do not.

Environment:
  QAQPA_PORT            port of the gateway (8080; 0 for any)
  QAQPA_NCALAYER_PORT   port of the NCALayer double (13579; 0 for any)
  QAQPA_DATA_DIR        folder for data (./data-demo); the gateway for real refuses what is in it
  Any other setting of the gateway: qaqpa config check
`,
  async run(args, io) {
    if (args.length > 0) throw new UsageError('demo takes no arguments');
    const forgetLauncher = followLauncher(process, io.env);
    try {
      // Closing its window ends a demonstration, or the next one would find its ports taken.
      await runService(() => startDemo(io), process, isTerminal(io.stdin) ? 'stop' : 'reload');
    } catch (error) {
      if (!(error instanceof DemoRuns)) return explainStartFailure(error, io);
      io.stderr.write(`qaqpa: cannot start: ${error.message}\n`);
      return EXIT.unavailable;
    } finally {
      forgetLauncher();
    }
    return EXIT.ok;
  },
};

function isTerminal(stdin: CommandIo['stdin']): boolean {
  return 'isTTY' in stdin && stdin.isTTY === true;
}

async function startDemo(io: CommandIo): Promise<Service> {
  const settings = loadConfig(inFolderOfItsOwn(io.env));
  io.stdout.write('Making the laboratory: certification authorities, keys, OCSP, CRL …\n');
  const open: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const part of open.splice(0).reverse()) await part.close();
  };
  const descriptionFile = join(settings.dataDir, 'demo.json');
  try {
    await refuseSecond(descriptionFile);
    // Nothing is written before every port is had.
    const listening = await listen(createHttpServer(), settings.host, settings.port, 'QAQPA_PORT');
    listening.server.on('request', answerNotYet);
    open.push({ close: () => stop(listening.server, 0) });
    const laboratory = await startLaboratory(io.now);
    open.push(laboratory);
    const ncalayer = await startDouble(laboratory, settings.ncalayer.doublePort);
    open.push(ncalayer);

    await rm(descriptionFile, { force: true });
    const trustDir = join(settings.dataDir, 'demo-trust');
    const config = loadConfig(demoEnvironment(io, trustDir, laboratory, ncalayer.url));
    const seeded = await seedStorage(config, io.now());
    await writeTrustFolder(laboratory.lab, trustDir, io.now());
    const sample = await writeSample(laboratory, join(settings.dataDir, 'demo-documents'));
    const gateway = await startGateway(config, { listening, purpose: 'demonstration' });
    open.push(gateway);
    const document = { ...sample, trust: trustDir };
    const found = { origin: gateway.origin, ncalayer: ncalayer.url, document };
    const description = describeDemo(found, laboratory.keys, seeded);
    await writeAtomically(descriptionFile, `${JSON.stringify(description, null, 2)}\n`);
    open.push({ close: () => rm(descriptionFile, { force: true }) });
    io.stdout.write(introduction(description, io.cwd));
    return {
      reloadTrust: () => gateway.reloadTrust(),
      close() {
        io.stdout.write('\nStopping.\n');
        return close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Apart from what `qaqpa serve` keeps, unless somewhere is named. */
function inFolderOfItsOwn(env: CommandIo['env']): CommandIo['env'] {
  return { ...env, QAQPA_DATA_DIR: env['QAQPA_DATA_DIR'] ?? './data-demo' };
}

function answerNotYet(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'retry-after': '1', 'content-type': 'text/plain', connection: 'close' });
  response.end('The demonstration is starting.\n');
}

/** @throws ListenError */
async function startDouble(laboratory: DemoLaboratory, port: number): Promise<NcalayerDouble> {
  const chooser = createKeyChooser(laboratory.keys);
  try {
    return await startNcalayerDouble(laboratory.lab, {
      port,
      keys: laboratory.keys.map(({ key }) => key),
      choose: (offered) => chooser.choose(offered),
      page: chooser.listener,
    });
  } catch (error) {
    const cause = error as NodeJS.ErrnoException;
    if (cause.syscall !== 'listen') throw error;
    throw new ListenError(cause, {
      host: '127.0.0.1',
      port,
      setting: 'QAQPA_NCALAYER_PORT',
      // It is where the real one listens.
      by: 'another program, perhaps by NCALayer itself',
    });
  }
}

/** One folder holds one demonstration: the next would put another laboratory in the place of the one it trusts. */
class DemoRuns extends Error {
  override readonly name = 'DemoRuns';

  constructor(origin: string) {
    super(`a demonstration runs in this folder already, at ${origin}`);
  }
}

/**
 * Scripts take the description for the sign that a demonstration answers; that of one that was killed is no such sign.
 *
 * @throws DemoRuns
 */
async function refuseSecond(descriptionFile: string): Promise<void> {
  const text = await readFile(descriptionFile, 'utf8').catch(() => null);
  const running = text === null ? null : await runningAt(text);
  if (running !== null) throw new DemoRuns(running);
}

/** Where the demonstration that wrote this answers; `null` where it does so no more. */
async function runningAt(description: string): Promise<string | null> {
  try {
    const { origin, ncalayer } = JSON.parse(description) as DemoDescription;
    for (const address of [`${origin}/livez`, ncalayer.replace('ws:', 'http:')]) {
      await fetch(address, { signal: AbortSignal.timeout(1_000) });
    }
    return origin;
  } catch {
    return null;
  }
}

async function seedStorage(config: Config, now: Date): Promise<Seeded> {
  const storage = await openConfiguredStorage(config, { purpose: 'demonstration' });
  try {
    return await seed(storage, now);
  } finally {
    await storage.close();
  }
}

/** What the demonstration decides stands over what the environment says; the rest is as in any gateway. */
function demoEnvironment(
  io: CommandIo,
  trustDir: string,
  laboratory: DemoLaboratory,
  ncalayerUrl: string,
): CommandIo['env'] {
  const { ocsp, crl, tsa } = laboratory;
  return {
    ...inFolderOfItsOwn(io.env),
    QAQPA_LOG_LEVEL: io.env['QAQPA_LOG_LEVEL'] ?? 'warn',
    // Everybody who tries it has the same address: a storm on one account must not close the passwords of the others.
    QAQPA_RATE_PASSWORD: io.env['QAQPA_RATE_PASSWORD'] ?? '300/1m',
    QAQPA_REGISTRATION: io.env['QAQPA_REGISTRATION'] ?? 'legal-entity employee sole-proprietor individual',
    QAQPA_TERMS_AT_SIGN_IN: 'skip',
    QAQPA_TRUST_DIR: trustDir,
    QAQPA_NCALAYER_URL: ncalayerUrl,
    QAQPA_NCALAYER_ISSUERS: 'any',
    QAQPA_OCSP_URL: ocsp.url,
    QAQPA_CRL_URLS: crl.addresses.map(({ url, deltaUrl }) => `${url}|${deltaUrl}`).join(' '),
    QAQPA_TSP_URL: tsa.url,
  };
}

async function writeAtomically(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

function introduction(description: DemoDescription, cwd: string): string {
  const { origin, ncalayer, accounts, refused, apiClient, document } = description;
  const chooser = ncalayer.replace('ws://', 'http://');
  const others = refused.map(({ name, why }) => `  ${name}: ${why}\n`);
  const [content, signature, trust] = [document.content, document.signature, document.trust].map((path) =>
    relative(cwd, path),
  );
  return `
Qaqpa is open at ${origin}

  1. Open ${origin} and press "Войти с ЭЦП".
  2. The NCALayer double signs with the key chosen at ${chooser}

People of the sample organisation:
${accounts.map(personLines).join('')}
Keys that must be refused:
${others.join('')}
Document flow: POST ${origin}/v1/signatures/verify
  client ${apiClient.id}   secret ${apiClient.secret}

A signed document, in another window:
  npx qaqpa verify ${signature} --content ${content} --trust ${trust} --revocation none

Stop with Ctrl+C.
`;
}

function personLines(account: DemoDescription['accounts'][number]): string {
  const { name, iin, roles, platformRoles = [], password, passwordChanged, keys } = account;
  const secret = passwordChanged === true ? 'changed since, no longer the published one' : password;
  const everywhere = platformRoles.map((role) => `, ${role} of the installation`).join('');
  return `  ${name}, ${roles.join(', ')}${everywhere}\n    IIN ${iin}${secret === undefined ? '' : `   password ${secret}`}\n    keys: ${keys.join(', ')}\n`;
}
