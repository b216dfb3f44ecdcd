/** Why an exchange with a responder or a CRL point gave no bytes. */
export type TransportCode =
  | 'TRANSPORT_HOST_NOT_ALLOWED'
  | 'TRANSPORT_UNREACHABLE'
  | 'TRANSPORT_TIMEOUT'
  | 'TRANSPORT_REDIRECT'
  | 'TRANSPORT_STATUS'
  | 'TRANSPORT_TOO_LARGE'
  | 'TRANSPORT_CIRCUIT_OPEN'
  | 'TRANSPORT_CLOSED';

/** An exchange that gave no bytes. Messages carry no URL path and nothing that was sent. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportCode;

  constructor(code: TransportCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** A revocation source that could never answer, refused when it is built. */
export class RevocationConfigurationError extends Error {
  override readonly name = 'RevocationConfigurationError';
  readonly code = 'REVOCATION_CONFIGURATION';
}
