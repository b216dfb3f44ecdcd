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
