import { type BinClaims } from '../accounts/bin-claim.js';
import { type AccountDirectory } from '../accounts/directory.js';
import { type Passwords } from '../passwords/password.js';
import { type AuditLog } from '../audit/log.js';
import { type ApiClients } from '../clients/api-client.js';
import { type Sessions } from '../sessions/sessions.js';

/** What administration works on, all of it within one unit of work. */
export interface AdministrationStores {
  readonly accounts: AccountDirectory;
  readonly passwords: Passwords;
  readonly binClaims: BinClaims;
  readonly sessions: Sessions;
  readonly audit: AuditLog;
  readonly apiClients: ApiClients;
}

export interface AdministrationStorage extends AdministrationStores {
  atomically<T>(work: (stores: AdministrationStores) => Promise<T>): Promise<T>;
}
