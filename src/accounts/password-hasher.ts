import { hash, parseOptions, verify } from '@node-rs/argon2';
import { type Argon2 } from './password-threads.js';

/** Cost of argon2id (RFC 9106). Raising it rehashes every password at its next right use. */
export interface PasswordCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP Password Storage Cheat Sheet, first choice for argon2id. */
export const DEFAULT_PASSWORD_COST: PasswordCost = { memoryKiB: 19_456, passes: 2, lanes: 1 };

declare const hashedBrand: unique symbol;
/** A password that met the rules, hashed and ready to be kept. */
export type HashedPassword = string & { readonly [hashedBrand]: true };

/** Hashes passwords at one cost. */
export interface PasswordHasher {
  hash(password: string): Promise<HashedPassword>;
  /** The stored hash may be of any cost. */
  matches(hash: string, password: string): Promise<boolean>;
  /** True for a hash made at another cost. */
  isOutdated(hash: string): boolean;
  /** The hash of a password nobody has: comparing with it takes the time of a real comparison. */
  readonly decoy: string;
}

/**
 * argon2id with its parameters; one hash is computed at once to have a decoy of the same cost.
 *
 * @param engine what computes all but the decoy; the threads of the runtime if absent
 */
export async function createPasswordHasher(
  cost: PasswordCost,
  engine: Argon2 = { hash, verify },
): Promise<PasswordHasher> {
  const { hash: argon2Hash, verify: argon2Verify } = engine;
  const options = { memoryCost: cost.memoryKiB, timeCost: cost.passes, parallelism: cost.lanes };
  // argon2id is the package's default algorithm; its name is a const enum, which single-file compilers cannot read.
  const hashed = async (password: string): Promise<HashedPassword> =>
    (await argon2Hash(normalised(password), options)) as HashedPassword;
  return {
    hash: hashed,
    matches: (stored, password) => argon2Verify(stored, normalised(password)),
    isOutdated(stored) {
      const { memoryCost, timeCost, parallelism } = parseOptions(stored);
      return memoryCost !== cost.memoryKiB || timeCost !== cost.passes || parallelism !== cost.lanes;
    },
    // Once, before anything else of the process waits: not worth starting a thread for.
    decoy: await hash(crypto.randomUUID(), options),
  };
}

/** The same characters typed on another keyboard or system are the same password (NIST SP 800-63B §3.1.1.2). */
function normalised(password: string): string {
  return password.normalize('NFKC');
}
