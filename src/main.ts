/** The gateway as a process: configuration from the environment, signals in, an exit code out. */
import { loadConfig } from './config.js';
import { type Gateway, startGateway } from './gateway.js';

/** What a running gateway needs of the process around it. */
export interface ProcessSignals {
  on(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): unknown;
  off(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): unknown;
}

/**
 * Runs a gateway until it is told to stop: `SIGTERM` and `SIGINT` end it gracefully, `SIGHUP` reads the trust manifest again.
 *
 * @param onStart is told when it answers
 * @throws ConfigError, or what `startGateway` throws
 */
export async function runGateway(
  env: Readonly<Record<string, string | undefined>>,
  signals: ProcessSignals,
  onStart: (gateway: Gateway) => void,
): Promise<void> {
  const gateway = await startGateway(loadConfig(env));
  const reload = (): void => {
    void gateway.reloadTrust();
  };
  await new Promise<void>((resolve) => {
    signals.on('SIGHUP', reload);
    signals.on('SIGTERM', resolve);
    signals.on('SIGINT', resolve);
    onStart(gateway);
  });
  await gateway.close();
  signals.off('SIGHUP', reload);
}
