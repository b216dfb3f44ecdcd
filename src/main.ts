/** The gateway as a process: configuration from the environment, signals in, an exit code out. */
import { loadConfig } from './config.js';

/** What a running gateway needs of the process around it. */
export interface ProcessSignals {
  on(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): unknown;
  off(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): unknown;
}

/** What signals can do to something that runs. */
export interface Service {
  /** Never rejects. */
  reloadTrust(): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Runs a gateway until it is told to stop: `SIGTERM` and `SIGINT` end it gracefully, `SIGHUP` reads the trust manifest again.
 *
 * @throws ConfigError, or what `startGateway` throws
 */
export function runGateway(
  env: Readonly<Record<string, string | undefined>>,
  signals: ProcessSignals,
  onStarted: (gateway: { readonly origin: string; readonly notices: readonly string[] }) => void = () =>
    undefined,
): Promise<void> {
  return runService(async () => {
    const config = loadConfig(env);
    // Loading it takes longer than all before it: the signals are listened for by then.
    const { startGateway } = await import('./gateway.js');
    const gateway = await startGateway(config);
    onStarted(gateway);
    return gateway;
  }, signals);
}

/**
 * Starts a service and keeps it until a signal ends it. Signals that come while it is starting are obeyed as soon as it has: one that would
 * kill the process there would leave its work half done.
 *
 * @param hangup what `SIGHUP` means: a daemon's reload, or the terminal going away
 * @throws what `start` throws
 */
export async function runService(
  start: () => Promise<Service>,
  signals: ProcessSignals,
  hangup: 'reload' | 'stop' = 'reload',
): Promise<void> {
  // Begins only after this turn, when the listeners are there.
  const starting = Promise.resolve().then(start);
  const reload = (): void => {
    starting.then(
      (service) => service.reloadTrust(),
      // Told by whoever waits for the start.
      () => undefined,
    );
  };
  let stop = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const onHangup = hangup === 'reload' ? reload : stop;
  signals.on('SIGHUP', onHangup);
  signals.on('SIGTERM', stop);
  signals.on('SIGINT', stop);
  try {
    const service = await starting;
    await told;
    await service.close();
  } finally {
    signals.off('SIGHUP', onHangup);
    signals.off('SIGTERM', stop);
    signals.off('SIGINT', stop);
  }
}
