export { RevocationConfigurationError, TransportError, type TransportCode } from './error.js';
export { type RevocationEvent, type RevocationObserver, type Rung } from './event.js';
export {
  createRevocationLadder,
  type RevocationConfiguration,
  type RevocationLadder,
  type RevocationSurroundings,
  type RevocationWindows,
} from './ladder.js';
export { createOfflineRevocation, notCheckedRevocation } from './offline.js';
export { createTransport, hostOf, type Transport, type TransportConfiguration } from './transport.js';
export { type CrlPoint } from './crl-store.js';
export { type OcspResponder } from './ocsp-client.js';
