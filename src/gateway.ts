/** The composition root: configuration in, a running gateway out. What opens, listens and closes, and in which order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Express } from 'express';
import { composeApplication } from './application.js';
import { gatewayAct } from './audit/act.js';
import { record } from './audit/recorder.js';
import { createRefusalSummaries, startSummaries, summarising } from './audit/refusal-summaries.js';
import { describeEnding } from './clients/client-secret.js';
import { type Config } from './config.js';
import { missingProxyNotice } from './config/local-origin.js';
import { answerUnreadable, boundConnections } from './http/kernel/connection-refusals.js';
import { createMetricsServer } from './http/kernel/metrics-server.js';
import { networkOf } from './http/kernel/network.js';
import { answerWith, createHttpServer, listen, type Listening, stop } from './http/kernel/server.js';
import { StoreFailure } from './outage/store-failure.js';
import { DEFAULT_TERMS_DIRECTORY, loadTerms, type Terms } from './personal-data/terms.js';
import { openServices, type OpenServices } from './services.js';
import { openBreachedSet } from './storage/breached-set/open.js';
import { loadOrCreateMasterKey } from './storage/keys/master-key.js';
import { openSharedCounts, type SharedCounts } from './storage/redis/rate-counts.js';
import { type Purpose } from './storage/tables/purpose.js';
import { makeDataFolder } from './storage/upkeep/data-folder.js';
import { describeDiskSpace, diskSpaceOf } from './storage/upkeep/disk-space.js';
import { startPurging } from './storage/upkeep/purging.js';
import { createLog, type Log } from './telemetry/log.js';
import { createMetrics } from './telemetry/metrics.js';
import { observeTrust, observeWatch } from './telemetry/observe.js';
import { openTrustStore, type ReloadOutcome } from './trust/store.js';
import { openVerification } from './verification.js';
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
  const clock = surroundings.clock ?? (() => new Date());
  const log = createLog({ level: config.logLevel, to: surroundings.logTo });
  const version = programVersion();
  // Closed in the opposite order, also when starting fails half-way.
  const open: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of open.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        log.error({ err: error }, 'a part did not close');
      }
    }
  };

  try {
    const terms = await loadTerms(config.terms.dir ?? DEFAULT_TERMS_DIRECTORY, clock());
    const opened = await openConfiguredStorage(config, { terms, purpose: surroundings.purpose ?? 'real' });
    open.push(() => opened.close());
    const refusals = createRefusalSummaries(networkOf);
    const storage = summarising(opened, refusals);
    const shared = config.redisUrl === null ? null : sharedCounts(config.redisUrl, log);
    if (shared !== null) {
      open.push(() => {
        shared.close();
      });
    }

    let trustSince = clock();
    const unrecorded = (error: unknown): void => {
      log.error({ err: error }, 'an audit record could not be written');
    };
    const trust = await openTrustStore({
      directory: trustDirectory(config),
      now: clock,
      onEvent: (event) => {
        observeTrust(event, log, metrics);
        if (event.kind === 'replaced') {
          trustSince = clock();
          const details = { from: event.from, to: event.to };
          record(storage.audit, gatewayAct(trustSince), 'trust.activated', { details }).catch(unrecorded);
        } else {
          const told = { reason: event.error.name, details: { kept: event.kept } };
          record(storage.audit, gatewayAct(clock()), 'trust.refused', told).catch(unrecorded);
        }
      },
    });
    open.push(() => {
      trust.close();
    });
    for (const warning of trust.details().warnings) log.warn({ warning }, 'trust');
    const metrics = createMetrics(() => ({ version: trust.current().version, since: trustSince }), clock);
    open.push(() => {
      metrics.close();
    });

    metrics.watchHashing(() => storage.hashing());
    metrics.watchClientSecrets(() => countEndingSecrets(storage, clock()));

    const { workerEntry } = surroundings;
    const verification = await openVerification(config, { trust, clock, log, metrics, workerEntry });
    open.push(() => verification.close());
    const { verdicts, ladder, memoUnder } = verification;

    const watch = createRevocationWatch({
      storage,
      trust,
      memoUnder,
      revocation: ladder,
      lists: ladder,
      hasResponders: config.revocation.ocspUrls.length > 0,
      clock,
      settings: config.watch,
      onEvent: (event) => {
        observeWatch(event, log, metrics);
      },
    });
    open.push(() => watch.close());

    const { server, port } =
      surroundings.listening ?? (await listen(createHttpServer(), config.host, config.port, 'QAQPA_PORT'));
    server.removeAllListeners('request');
    answerUnreadable(server, log);
    const crowded = boundConnections(server, log);
    let stopping = false;
    open.push(() => stop(server, config.stopGraceMs));
    const origin = config.origin ?? `http://localhost:${port}`;
    const app = composeApplication(config, {
      storage,
      verdicts,
      trust,
      terms,
      countsOf: shared?.countsOf ?? null,
      stopping: () => stopping,
      revocation: verification.revocation,
      crowded,
      clock,
      log,
      metrics,
      origin,
      version,
    });
    answerWith(server, app);
    server.on('request', (request, response) => {
      // The last answer on a connection says so, or a client would send its next request into a closing socket.
      if (!server.listening || crowded(request)) response.setHeader('Connection', 'close');
      app(request, response);
    });

    const metricsServer = config.metrics === null ? null : createMetricsServer(metrics, log);
    if (metricsServer !== null) open.push(() => stop(metricsServer, 1000));
    const metricsPort =
      metricsServer === null || config.metrics === null
        ? null
        : (await listen(metricsServer, config.metrics.host, config.metrics.port, 'QAQPA_METRICS_PORT')).port;

    const endPurging = startPurging(storage, clock, (error) => {
      log.error({ err: error }, 'old records could not be purged');
    });
    open.push(endPurging);
    const endSummaries = startSummaries(
      () => refusals.flush((work) => opened.atomically(({ audit }) => work(audit)), clock()),
      (error) => {
        log.error({ err: error }, 'refusals that were counted could not be recorded');
      },
    );
    open.push(endSummaries);
    trust.watch();
    watch.start();
    const details = { version, trust: trust.current().version };
    await record(storage.audit, gatewayAct(clock()), 'gateway.started', { details });
    log.info({ origin, port, metricsPort, version, trust: trust.current().version }, 'started');
    const notices = await noticesOf(config, storage, clock());
    for (const notice of notices) log.warn({ notice }, 'to be seen to');

    let closing: Promise<void> | null = null;
    return {
      origin,
      port,
      metricsPort,
      app,
      notices,
      async reloadTrust() {
        const outcome = await trust.reload();
        log.info({ outcome: outcome.outcome, trust: outcome.version }, 'trust reload');
        return outcome;
      },
      close() {
        stopping = true;
        closing ??= (async () => {
          log.info({ delayMs: config.stopDelayMs }, 'stopping');
          // Connections are taken and kept until balancers know: a balancer that has some open needs no new one when the door shuts.
          await wait(config.stopDelayMs);
          await stop(server, config.stopGraceMs);
          await endSummaries();
          await record(storage.audit, gatewayAct(clock()), 'gateway.stopped').catch((error: unknown) => {
            log.error({ err: error }, 'the stop could not be recorded');
          });
          await closeAll();
          log.info('stopped');
        })();
        return closing;
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function noticesOf(config: Config, storage: OpenServices, now: Date): Promise<readonly string[]> {
  const { dataDir } = config;
  const missingProxy = missingProxyNotice(config);
  const [{ items }, disk, secrets] = await Promise.all([
    storage.accounts.listOrganisations({ limit: 1 }),
    diskSpaceOf(dataDir),
    storage.apiClients.ending(now),
  ]);
  return [
    ...(items.length > 0
      ? []
      : [
          'there is no organisation yet, so no sign-in is possible; the first: npx qaqpa account organisation add --bin BIN --name NAME',
        ]),
    ...(missingProxy === null ? [] : [missingProxy]),
    ...(disk === null || disk.state === 'ok' ? [] : [describeDiskSpace(dataDir, disk)]),
    ...secrets.map((secret) => describeEnding(secret, now)),
  ];
}

/** Null while the database is away: the other metrics are needed most then. */
async function countEndingSecrets({ apiClients }: OpenServices, now: Date): Promise<number | null> {
  try {
    return (await apiClients.ending(now)).length;
  } catch (error) {
    if (error instanceof StoreFailure) return null;
    throw error;
  }
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
