/** Requests that show that proxies are not set up as they are: then visitors would be counted and recorded under one address. */
import { type IncomingHttpHeaders } from 'node:http';
import { type Log } from '../../telemetry/log.js';
import { type HttpMetrics } from './metrics.js';
import { isPrivateAddress, networkOf } from './network.js';

/**
 * `not-trusted`: a neighbour forwards for others and is not named in the configuration. `silent`: one that is named tells no address of a
 * visitor. `stranger`: an address on the Internet claims to forward: a proxy that is not named, or a visitor who makes it up.
 */
export type ForwardingFinding = 'not-trusted' | 'silent' | 'stranger';

/** Of an `IncomingMessage`, what tells who sent it and for whom. */
interface SeenRequest {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly headers: IncomingHttpHeaders;
  readonly url?: string | undefined;
}

export interface ForwardingWatch {
  /** Looks at the headers of a request and at who sent it, before anything else is done. */
  see(request: SeenRequest): void;
  /** Whether something was found lately that only the operator can have brought about. */
  check(): 'ok' | 'degraded';
}

const TOLD_EVERY_MS = 10 * 60_000;
/** How long a finding counts that is not repeated. */
const LATELY_MS = 10 * 60_000;
/** Trusted peers that are remembered apart; networks of proxies are small. */
const PEERS_MOST = 256;
/** What balancers ask by themselves, for no visitor. */
const OWN_PATHS: ReadonlySet<string> = new Set(['/livez', '/readyz']);

const MEANINGS: Readonly<Record<ForwardingFinding, string>> = {
  'not-trusted':
    'a proxy that is not trusted forwards visitors: all of them share its address, its limits and its place in the log; name it in QAQPA_TRUSTED_PROXIES',
  silent:
    'a trusted proxy sends no X-Forwarded-For: all its visitors share its address, its limits and its place in the log; let it send the header',
  stranger:
    'a forwarded address came from the Internet and is not believed; if the peer is a proxy of yours, name it in QAQPA_TRUSTED_PROXIES',
};

/**
 * @param trusts whether an address is of a proxy that the configuration names
 * @param now milliseconds of a clock that does not jump
 */
export function createForwardingWatch(parts: {
  readonly trusts: (address: string) => boolean;
  readonly log: Log;
  readonly metrics: Pick<HttpMetrics, 'forwardingDoubted'>;
  readonly now?: () => number;
}): ForwardingWatch {
  const { trusts, log, metrics, now = () => performance.now() } = parts;
  const told = new Map<ForwardingFinding, { at: number; since: number }>();
  let notTrustedAt = Number.NEGATIVE_INFINITY;
  /** Trusted peers: when they last told an address of a visitor, and when they last did not. */
  const peers = new Map<string, { toldAt: number; silentAt: number }>();

  const tell = (finding: ForwardingFinding, peer: string): void => {
    metrics.forwardingDoubted(finding);
    const before = told.get(finding) ?? { at: Number.NEGATIVE_INFINITY, since: 0 };
    if (now() - before.at < TOLD_EVERY_MS) {
      before.since += 1;
      return;
    }
    told.set(finding, { at: now(), since: 0 });
    // Of the peer alone: what the header says is the address of a visitor, or anything.
    log.warn({ finding, peer: networkOf(peer), requestsBefore: before.since }, MEANINGS[finding]);
  };
  const seeTrusted = (peer: string, { headers, url = '' }: SeenRequest): void => {
    if (OWN_PATHS.has(url.split('?')[0] ?? '')) return;
    const known = peers.get(peer) ?? { toldAt: Number.NEGATIVE_INFINITY, silentAt: Number.NEGATIVE_INFINITY };
    if (!peers.has(peer) && peers.size < PEERS_MOST) peers.set(peer, known);
    if (headers['x-forwarded-for'] !== undefined) {
      known.toldAt = now();
      return;
    }
    // What else asks from the same address, such as a program of the operator's, is no silence of the proxy.
    if (now() - known.toldAt < LATELY_MS) return;
    known.silentAt = now();
    tell('silent', peer);
  };
  return {
    see(request) {
      const peer = request.socket.remoteAddress;
      if (peer === undefined) return;
      if (trusts(peer)) {
        seeTrusted(peer, request);
      } else if (forwards(request)) {
        if (isPrivateAddress(peer)) notTrustedAt = now();
        tell(isPrivateAddress(peer) ? 'not-trusted' : 'stranger', peer);
      }
    },
    check() {
      const lately = (at: number): boolean => now() - at < LATELY_MS;
      const silent = [...peers.values()].some(
        ({ toldAt, silentAt }) => silentAt > toldAt && lately(silentAt),
      );
      return lately(notTrustedAt) || silent ? 'degraded' : 'ok';
    },
  };
}

/** The headers by which proxies tell for whom they ask (RFC 7239, and two older customs). */
function forwards({ headers }: SeenRequest): boolean {
  return (
    headers['x-forwarded-for'] !== undefined ||
    headers.forwarded !== undefined ||
    headers['x-real-ip'] !== undefined
  );
}
