import { createCircuits } from './circuit.js';
import { RevocationConfigurationError, TransportError } from './error.js';
import { type RevocationObserver } from './event.js';

/** One exchange. Limits are per exchange because an OCSP answer and a CRL differ by four orders of magnitude. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** The whole exchange, the last byte of the body included, in milliseconds. */
  readonly timeoutMs: number;
  /** Greatest length of the decoded body in bytes. */
  readonly maxBytes: number;
}

/** What came back before the body. Only 200 and, for conditional requests, 304 get this far. */
export interface TransportHead {
  readonly status: 200 | 304;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** The one way out of this process for revocation. */
export interface Transport {
  /**
   * Performs one exchange and hands the body over piece by piece; the next piece waits for the sink.
   *
   * @throws TransportError
   */
  exchange(
    request: TransportRequest,
    sink: (piece: Uint8Array) => void | Promise<void>,
  ): Promise<TransportHead>;
  /** Aborts what is under way; every later exchange fails with `TRANSPORT_CLOSED`. */
  close(): void;
}

export interface TransportConfiguration {
  /** `host:port` or `host` of the configured services. Nothing else is ever contacted. */
  readonly allowedHosts: readonly string[];
  readonly userAgent?: string;
  /** Consecutive failures after which a host is left alone. Default 5. */
  readonly failuresToOpen?: number;
  /** How long it is left alone, in milliseconds. Default 10 seconds. */
  readonly openMs?: number;
  readonly fetch?: typeof fetch;
  readonly onEvent?: RevocationObserver;
}

/**
 * Creates the transport: configured hosts only, http and https only, no redirects, no credentials in URLs, one time limit
 * over the whole exchange (a body that drips does not prolong it), one size limit over the decoded body, a circuit per host.
 *
 * @throws RevocationConfigurationError without any host
 */
export function createTransport(configuration: TransportConfiguration): Transport {
  const {
    userAgent = 'qaqpa',
    failuresToOpen = 5,
    openMs = 10_000,
    onEvent = () => undefined,
  } = configuration;
  const send = configuration.fetch ?? fetch;
  if (configuration.allowedHosts.length === 0) {
    throw new RevocationConfigurationError('a transport needs at least one host it may contact');
  }
  // НУЦ РК's front end turns an empty User-Agent away.
  if (userAgent.trim() === '') throw new RevocationConfigurationError('the User-Agent may not be empty');
  const hosts = new Set(configuration.allowedHosts.map((host) => host.toLowerCase()));
  const circuits = createCircuits(failuresToOpen, openMs, onEvent);
  const closing = new AbortController();

  const perform = async (
    request: TransportRequest,
    url: URL,
    sink: (piece: Uint8Array) => void | Promise<void>,
  ): Promise<TransportHead> => {
    const expiry = new AbortController();
    const timer = setTimeout(() => {
      expiry.abort();
    }, request.timeoutMs);
    const signal = AbortSignal.any([expiry.signal, closing.signal]);
    const failed = (cause: unknown): TransportError => {
      if (closing.signal.aborted) return closed(cause);
      if (expiry.signal.aborted) {
        return new TransportError('TRANSPORT_TIMEOUT', 'the exchange took longer than allowed', { cause });
      }
      return new TransportError('TRANSPORT_UNREACHABLE', 'the exchange broke off', { cause });
    };
    try {
      const response = await send(url, {
        method: request.method,
        headers: { ...request.headers, 'user-agent': userAgent, 'accept-encoding': 'identity' },
        body: request.body === undefined ? null : Buffer.from(request.body),
        redirect: 'manual',
        credentials: 'omit',
        signal,
      }).catch((error: unknown) => {
        throw failed(error);
      });
      const head = readHead(response, request);
      await deliver(response, request.maxBytes, sink, failed);
      return head;
    } finally {
      clearTimeout(timer);
      // Frees the connection of an answer that was refused before its end.
      expiry.abort();
    }
  };

  return {
    async exchange(request, sink) {
      if (closing.signal.aborted) throw closed();
      const url = permittedUrl(request.url, hosts);
      return circuits.through(url.host, () => perform(request, url, sink));
    },
    close() {
      closing.abort();
    },
  };
}

/**
 * Performs one exchange and returns the whole body.
 *
 * @throws TransportError
 */
export async function exchangeBytes(transport: Transport, request: TransportRequest): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  await transport.exchange(request, (piece) => {
    pieces.push(piece);
  });
  return new Uint8Array(Buffer.concat(pieces));
}

/**
 * The host, with its port where it is not the scheme's own, of a configured URL.
 *
 * @throws RevocationConfigurationError for what is not an absolute http or https URL, or carries credentials
 */
export function hostOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !isPlain(parsed)) {
    throw new RevocationConfigurationError(
      'a revocation address must be an http or https URL without credentials',
    );
  }
  return parsed.host;
}

function permittedUrl(text: string, hosts: ReadonlySet<string>): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !isPlain(url) || !hosts.has(url.host)) {
    throw new TransportError(
      'TRANSPORT_HOST_NOT_ALLOWED',
      'the address is not one of the configured services',
    );
  }
  return url;
}

function isPlain(url: URL): boolean {
  return (
    (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === ''
  );
}

function readHead(response: Response, request: TransportRequest): TransportHead {
  const { status, headers } = response;
  const conditional = Object.keys(request.headers).some((name) =>
    /^if-(none-match|modified-since)$/i.test(name),
  );
  if (status !== 200 && !(status === 304 && conditional)) {
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400 && status !== 304)) {
      throw new TransportError('TRANSPORT_REDIRECT', 'the host redirects, which is not followed');
    }
    throw new TransportError('TRANSPORT_STATUS', `the host answered with status ${status}`);
  }
  if (Number(headers.get('content-length') ?? 0) > request.maxBytes) throw tooLarge();
  return { status, etag: headers.get('etag'), lastModified: headers.get('last-modified') };
}

async function deliver(
  response: Response,
  maxBytes: number,
  sink: (piece: Uint8Array) => void | Promise<void>,
  failed: (cause: unknown) => TransportError,
): Promise<void> {
  if (response.body === null) return;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw failed(error);
    });
    if (done) return;
    length += value.length;
    if (length > maxBytes) throw tooLarge();
    await sink(value);
  }
}

function tooLarge(): TransportError {
  return new TransportError('TRANSPORT_TOO_LARGE', 'the body is larger than allowed');
}

function closed(cause?: unknown): TransportError {
  return new TransportError('TRANSPORT_CLOSED', 'the transport is closed', { cause });
}
