/** Composes the services use cases work with over the stores, in every unit of work and outside of them. Part of the composition root. */
import { createAccounts } from './accounts/accounts.js';
import { createBinClaims } from './accounts/bin-claim.js';
import { createProvisionalAccesses } from './accounts/provisional.js';
import { type AdministrationStores } from './administration/stores.js';
import { createApiClients } from './clients/api-client.js';
import { type BreachedPasswords } from './passwords/breached-passwords.js';
import { createPasswordHasher, DEFAULT_PASSWORD_COST, type PasswordCost } from './passwords/hasher.js';
import { type PasswordParts } from './passwords/parts.js';
import {
  createPasswords,
  inPlaces,
  PASSWORD_MAX_FAILURES,
  PASSWORD_TEMPORARY_MS,
} from './passwords/password.js';
import { DEFAULT_PASSWORD_RULES, type PasswordRules } from './passwords/rules/rules.js';
import { createPasswordThreads, type HashingStatus, type PasswordThreads } from './passwords/threads.js';
import { createTermsLedger, type TermsPolicy } from './personal-data/terms-ledger.js';
import { type CertificateChecks } from './sessions/certificate-checks.js';
import { DEFAULT_SESSION_LIMITS, type SessionLimits } from './sessions/session.js';
import { createSessions } from './sessions/sessions.js';
import { type SignInStores } from './sign-in/stores.js';
import { assertOutsideUnits } from './storage/engines/unit-driver.js';
import { allMade, onDemand } from './storage/on-demand.js';
import { openStorage, type Storage, type StorageConfig, type Stores } from './storage/storage.js';

/** What the services are held to, and where they are kept. */
export interface ServicesConfig extends StorageConfig {
  readonly sessionLimits?: SessionLimits;
  readonly passwordCost?: PasswordCost;
  /** Consecutive wrong passwords that close the password path; five unless said otherwise. */
  readonly passwordMaxFailures?: number;
  readonly passwordRules?: PasswordRules;
  /** How long a password lets in that an operator set; 72 hours unless said otherwise. */
  readonly passwordTemporaryMs?: number;
  /** Passwords that are refused because they were stolen elsewhere; none unless said otherwise. Closed with the services. */
  readonly breached?: (BreachedPasswords & { close(): Promise<void> }) | null;
  /** What is asked of people who sign in through these services; nothing unless said otherwise. */
  readonly terms?: TermsPolicy;
}

/** What a use case may touch, in a unit of work and outside of any. */
export interface Services extends SignInStores, AdministrationStores {
  readonly certificateChecks: CertificateChecks;
}

/** The services over an open storage. */
export interface OpenServices
  extends Services, Pick<Storage, 'ping' | 'health' | 'purge' | 'jobClaims' | 'sealing' | 'contention'> {
  /** A unit of work, handed the services over its stores: see `Storage.atomically`. */
  atomically<T>(work: (services: Services) => Promise<T>): Promise<T>;
  /** How the hashing of passwords stands. */
  hashing(): HashingStatus;
  close(): Promise<void>;
}

interface ServiceParts extends Omit<PasswordParts, 'store' | 'people' | 'door'> {
  readonly hashing: PasswordThreads;
  readonly sessionLimits: SessionLimits;
  readonly terms: TermsPolicy | null;
}

/**
 * Opens the storage and composes the services over it.
 *
 * @throws StorageError as `openStorage` does
 * @throws RangeError for limits that are none
 */
export async function openServices(config: ServicesConfig): Promise<OpenServices> {
  // Opens nothing before the first password.
  const hashing = createPasswordThreads();
  const parts = await partsOf(config, hashing);
  const storage = await openStorage(config);
  try {
    const servicesOf = servicesOver(parts);
    return {
      ...allMade(servicesOf(storage.stores)),
      atomically: (work) => storage.atomically((stores) => work(servicesOf(stores))),
      ping: () => storage.ping(),
      health: () => storage.health(),
      purge: (now, ending) => storage.purge(now, ending),
      jobClaims: storage.jobClaims,
      sealing: storage.sealing,
      contention: () => storage.contention(),
      hashing: () => hashing.status(),
      async close() {
        await hashing.close();
        await config.breached?.close();
        await storage.close();
      },
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

async function partsOf(config: ServicesConfig, hashing: PasswordThreads): Promise<ServiceParts> {
  return {
    hashing,
    hasher: await createPasswordHasher(config.passwordCost ?? DEFAULT_PASSWORD_COST, hashing),
    rules: config.passwordRules ?? DEFAULT_PASSWORD_RULES,
    maxFailures: config.passwordMaxFailures ?? PASSWORD_MAX_FAILURES,
    temporaryMs: config.passwordTemporaryMs ?? PASSWORD_TEMPORARY_MS,
    breached: config.breached ?? null,
    sessionLimits: config.sessionLimits ?? DEFAULT_SESSION_LIMITS,
    terms: config.terms ?? null,
  };
}

/** Services over the stores they are given: each is made when a use case first asks for it. */
function servicesOver(parts: ServiceParts): (stores: Stores) => Services {
  const { sessionLimits, terms } = parts;
  const hashing: Pick<PasswordThreads, 'withPlace'> = {
    async withPlace(work) {
      assertOutsideUnits('a password is hashed');
      return parts.hashing.withPlace(work);
    },
  };
  return onDemand<Stores, Services>({
    challenges: ({ challenges }) => challenges,
    sessions: ({ sessions }) => createSessions(sessions, sessionLimits),
    accounts: ({ accounts }) => createAccounts(accounts),
    passwords: ({ passwords, accounts: { people, door } }) =>
      inPlaces(createPasswords({ ...parts, store: passwords, people, door }), hashing),
    provisional: ({ provisional }) => createProvisionalAccesses(provisional),
    terms: (stores) => createTermsLedger(stores.terms, terms),
    stepUpSignatures: ({ stepUpSignatures }) => stepUpSignatures,
    invitationAttempts: ({ invitationAttempts }) => invitationAttempts,
    audit: ({ audit }) => audit,
    binClaims: ({ binClaims }) => createBinClaims(binClaims),
    apiClients: ({ apiClients }) => createApiClients(apiClients),
    certificateChecks: ({ certificateChecks }) => certificateChecks,
  });
}
