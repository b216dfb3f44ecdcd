/** The composition root: configuration in, a running gateway out. What opens, listens and closes, and in which order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Express } from 'express';
import { composeApplication } from './application.js';
import { gatewayAct } from './audit/act.js';
import { measureSealing } from './audit/metrics.js';
import { record } from './audit/recorder.js';
import { createRefusalSummaries, summarising, summarisingRefusals } from './audit/refusal-summaries.js';
import { measureClientSecrets } from './clients/metrics.js';
import { type Config } from './config.js';
import { type Door, openDoor, openMetricsDoor } from './doors.js';
import { networkOf } from './http/kernel/network.js';
import { type Listening, stop } from './http/kernel/server.js';
import { noticesOf } from './notices.js';
import { createOpenParts, type Ground } from './open-parts.js';
import { measureHashing } from './passwords/metrics.js';
import { openPeriodic, tellingRepeats } from './periodic.js';
import { DEFAULT_TERMS_DIRECTORY, loadTerms, type Terms } from './personal-data/terms.js';
import { openServices, type OpenServices } from './services.js';
import { openBreachedSet } from './storage/breached-set/open.js';
import { measureContention } from './storage/engines/metrics.js';
import { loadOrCreateMasterKey } from './storage/keys/master-key.js';
import { openSharedCounts, type SharedCounts } from './storage/redis/rate-counts.js';
import { type Purpose } from './storage/tables/purpose.js';
import { makeDataFolder } from './storage/upkeep/data-folder.js';
import { purging } from './storage/upkeep/purging.js';
import { sealing } from './storage/upkeep/sealing.js';
import { createLog, type Log } from './telemetry/log.js';
import { createMetricsRegistry } from './telemetry/registry.js';
import { openTrust } from './trust-in-force.js';
import { type ReloadOutcome } from './trust/store.js';
import { openVerification } from './verification.js';
import { observeWatch } from './watch/observe.js';
import { createRevocationWatch } from './watch/revocation-watch.js';

/** What surrounds the gateway and a test may want to replace. */
export interface Surroundings {
  readonly clock?: () => Date;
  /** Where log lines go; standard output if absent. */
  readonly logTo?: { write(line: string): void };
  /** What a thread that judges runs; the compiled file of this program if absent. */
  readonly workerEntry?: URL;
  /** `real`, unless it is a demonstration. */
  readonly purpose?: Purpose;
  /** A server that listens already, for a start that must not write before it has its port. It is closed with the gateway. */
  readonly listening?: Listening;
}

export interface Gateway {
  /** Where people reach it, as written in challenges and checked on every change of state. */
  readonly origin: string;
  readonly port: number;
  readonly metricsPort: number | null;
  readonly app: Express;
  /** What the operator should see to, in a line each. */
  readonly notices: readonly string[];
  /** Reads the trust manifest again; an invalid one is refused, loudly, and the old set stays. Never rejects. */
  reloadTrust(): Promise<ReloadOutcome>;
  /** Stops accepting, lets requests under way finish within the grace period, closes the stores. */
  close(): Promise<void>;
}

/** Where the master key lies that no setting gives. */
export function masterKeyFile(dataDir: string): string {
  return join(dataDir, 'master.key');
}

/**
 * The master key of the configuration, or the one in the data folder, made when there is none.
 *
 * @throws StorageError
 */
export async function configuredMasterKey({ dataDir, masterKey }: Config): Promise<Uint8Array> {
  await makeDataFolder(dataDir);
  if (masterKey !== null) return new Uint8Array(masterKey.export());
  return loadOrCreateMasterKey(masterKeyFile(dataDir));
}

/**
 * Opens the stores the configuration names; also for commands that work on them beside a running gateway.
 *
 * @param opening `terms`: what people who sign in through these stores have to accept; `purpose`: see `ServicesConfig`
 * @throws StorageError
 */
export async function openConfiguredStorage(
  config: Config,
  { terms, purpose }: { readonly terms?: Terms; readonly purpose?: Purpose } = {},
): Promise<OpenServices> {
  const masterKey = await configuredMasterKey(config);
  const breached = config.breachedPasswords === null ? null : await openBreachedSet(config.breachedPasswords);
  const { databaseUrl, database, redisUrl, challengeBounds } = config;
  const { passwordRules, passwordTemporaryMs, passwordCost } = config;
  const { atSignIn, passwordGraceMs } = config.terms;
  try {
    // A command that works beside a gateway leaves the long reading to it.
    if (purpose !== undefined) await breached?.verify();
    return await openServices({
      databaseUrl,
      postgres: database,
      redisUrl,
      masterKey,
      challengeBounds,
      auditRetentionMs: config.auditRetentionMs,
      sessionLimits: config.session,
      passwordMaxFailures: config.passwordAttempts,
      passwordRules,
      passwordTemporaryMs,
      breached,
      passwordCost,
      ...(purpose === undefined ? {} : { purpose }),
      ...(terms === undefined ? {} : { terms: { terms, atSignIn, passwordGraceMs } }),
    });
  } catch (error) {
    await breached?.close();
    throw error;
  }
}

/** The folder with the trust manifest: the configured one, or the one shipped with the program. */
export function trustDirectory(config: Config): string {
  return config.trustDir ?? fileURLToPath(new URL('../certs', import.meta.url));
}

/**
 * Starts the gateway.
 *
 * @throws when a store, the trust set or a port cannot be had; what was opened until then is closed again
 */
export async function startGateway(config: Config, surroundings: Surroundings = {}): Promise<Gateway> {
  const log = createLog({ level: config.logLevel, to: surroundings.logTo });
  const open = createOpenParts(log);
  try {
    return await openGateway(config, surroundings, {
      clock: surroundings.clock ?? (() => new Date()),
      log,
      open,
    });
  } catch (error) {
    await open.closeAll();
    throw error;
  }
}

async function openGateway(config: Config, surroundings: Surroundings, ground: Ground): Promise<Gateway> {
  const { clock, log, open } = ground;
  const version = programVersion();
  const terms = await loadTerms(config.terms.dir ?? DEFAULT_TERMS_DIRECTORY, clock());
  const opened = await openConfiguredStorage(config, { terms, purpose: surroundings.purpose ?? 'real' });
  open.push(() => opened.close());
  const refusals = createRefusalSummaries(networkOf);
  const storage = summarising(opened, refusals);
  const shared = config.redisUrl === null ? null : sharedCounts(config.redisUrl, log);
  open.push(() => shared?.close());

  const registry = createMetricsRegistry();
  open.push(() => {
    registry.close();
  });
  measureHashing(registry, () => storage.hashing());
  measureContention(registry, () => storage.contention());
  measureClientSecrets(registry, async () => (await storage.apiClients.ending(clock())).length);
  measureSealing(registry, () => storage.sealing.backlog(), clock);
  const { jobs, repeats } = openPeriodic({ claims: storage.jobClaims, clock, log, registry });

  const trust = await openTrust(trustDirectory(config), storage, registry, ground);
  const { workerEntry } = surroundings;
  const judging = { trust, clock, log, registry, repeats, workerEntry };
  const verification = await openVerification(config, judging);
  open.push(() => verification.close());
  const { ladder, memoUnder } = verification;
  const watch = createRevocationWatch({
    storage,
    trust,
    memoUnder,
    revocation: ladder,
    lists: ladder,
    hasResponders: config.revocation.ocspUrls.length > 0,
    clock,
    settings: config.watch,
    onEvent: observeWatch(log, registry),
  });

  const door = await openDoor(config, surroundings.listening, ground);
  const { revocation, verdicts } = verification;
  const within = {
    storage,
    verdicts,
    trust,
    terms,
    countsOf: shared?.countsOf ?? null,
    revocation,
    clock,
    log,
    repeats,
    registry,
    version,
  };
  const { stopping, crowded, origin } = door;
  const app = composeApplication(config, { ...within, stopping, crowded, origin });
  door.letIn(app);
  const metricsPort = await openMetricsDoor(config, registry, ground);

  const unit = (work: (audit: OpenServices['audit']) => Promise<void>): Promise<void> =>
    opened.atomically(({ audit }) => work(audit));
  const periodic = [
    purging(storage, clock),
    ...verification.jobs,
    watch.job,
    trust.looking,
    summarisingRefusals(refusals, unit, clock),
    sealing(opened.sealing, origin, clock),
    tellingRepeats(repeats),
  ];
  for (const job of periodic) jobs.add(job);
  open.push(() => jobs.stop());
  jobs.start();
  trust.watch();
  const started = { version, trust: trust.current().version };
  await record(storage.audit, gatewayAct(clock()), 'gateway.started', { details: started });
  log.info({ origin, port: door.port, metricsPort, ...started }, 'started');
  const notices = await noticesOf(config, storage, clock());
  for (const notice of notices) log.warn({ notice }, 'to be seen to');

  let closing: Promise<void> | null = null;
  return {
    origin,
    port: door.port,
    metricsPort,
    app,
    notices,
    async reloadTrust() {
      const outcome = await trust.reload();
      log.info({ outcome: outcome.outcome, trust: outcome.version }, 'trust reload');
      return outcome;
    },
    close: () => (closing ??= closeGateway(config, door, storage, ground)),
  };
}

async function closeGateway(
  config: Config,
  door: Door,
  storage: OpenServices,
  ground: Ground,
): Promise<void> {
  const { clock, log, open } = ground;
  door.announceStop();
  log.info({ delayMs: config.stopDelayMs }, 'stopping');
  // Connections are taken and kept until balancers know: a balancer that has some open needs no new one when the door shuts.
  await wait(config.stopDelayMs);
  await stop(door.server, config.stopGraceMs);
  // Before the last runs of jobs, so that what they seal is complete.
  await record(storage.audit, gatewayAct(clock()), 'gateway.stopped').catch((error: unknown) => {
    log.error({ err: error }, 'the stop could not be recorded');
  });
  await open.closeAll();
  log.info('stopped');
}

function sharedCounts(url: string, log: Log): SharedCounts {
  return openSharedCounts(url, (error) => {
    log.warn({ err: error }, 'Redis, for limits');
  });
}

/** The version in package.json, one folder above both src and dist. */
function programVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
