import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { TransportError, type TransportCode } from './error.js';
import { type RevocationObserver } from './event.js';

/** What counts against a host. Our own refusals and what the reader of the body throws do not. */
const HOST_FAULTS: ReadonlySet<TransportCode> = new Set([
  'TRANSPORT_UNREACHABLE',
  'TRANSPORT_TIMEOUT',
  'TRANSPORT_REDIRECT',
  'TRANSPORT_STATUS',
  'TRANSPORT_TOO_LARGE',
]);

/** Leaves a failing host alone for a while, so that a silent responder costs one timeout and not one for each login. */
export interface Circuits {
  /** Runs one exchange with a host, or throws `TRANSPORT_CIRCUIT_OPEN` at once. */
  through<T>(host: string, exchange: () => Promise<T>): Promise<T>;
}

/** One circuit per host. */
export function createCircuits(
  failuresToOpen: number,
  openMs: number,
  onEvent: RevocationObserver,
): Circuits {
  const circuits = new Map<string, CircuitBreakerPolicy>();
  const circuitOf = (host: string): CircuitBreakerPolicy => {
    const known = circuits.get(host);
    if (known !== undefined) return known;
    const circuit = circuitBreaker(
      handleWhen((error) => error instanceof TransportError && HOST_FAULTS.has(error.code)),
      { breaker: new ConsecutiveBreaker(failuresToOpen), halfOpenAfter: openMs },
    );
    circuit.onStateChange((state) => {
      const name = nameOf(state);
      if (name !== null) onEvent({ kind: 'circuit', host, state: name });
    });
    circuits.set(host, circuit);
    return circuit;
  };

  return {
    async through(host, exchange) {
      const circuit = circuitOf(host);
      // While one exchange probes a half-open host, the others would wait for it: they go to the next rung instead.
      if (circuit.state === CircuitState.HalfOpen) throw openCircuit();
      try {
        return await circuit.execute(exchange);
      } catch (error) {
        throw isBrokenCircuitError(error) ? openCircuit(error) : error;
      }
    },
  };
}

function openCircuit(cause?: unknown): TransportError {
  return new TransportError('TRANSPORT_CIRCUIT_OPEN', 'the host failed repeatedly and is left alone', {
    cause,
  });
}

function nameOf(state: CircuitState): 'open' | 'half-open' | 'closed' | null {
  switch (state) {
    case CircuitState.Open:
      return 'open';
    case CircuitState.HalfOpen:
      return 'half-open';
    case CircuitState.Closed:
      return 'closed';
    case CircuitState.Isolated:
      return null;
  }
}
