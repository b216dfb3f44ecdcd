export { type RevocationEvent } from './event.js';
export { createRevocationLadder, type RevocationConfiguration, type RevocationLadder } from './ladder.js';
export { type OcspExaminer } from './ocsp-client.js';
export { createOfflineRevocation, notCheckedRevocation } from './offline.js';
export { createTransport, hostOf } from './transport.js';
