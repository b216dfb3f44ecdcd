import { timingSafeEqual } from 'node:crypto';
import { hash as hashHere, parseOptions, verify as verifyHere } from '@node-rs/argon2';
import { type Argon2 } from './threads.js';

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
  /** @param beside hashes it will stand beside: it takes the salt of one of them, so that `matching` computes once for all */
  hash(password: string, beside?: readonly string[]): Promise<HashedPassword>;
  /**
   * Which of the stored hashes, of any cost, are of this password. It computes once for those of one salt, and against the decoy where
   * there are none.
   */
  matching(hashes: readonly string[], password: string): Promise<readonly string[]>;
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
  engine: Argon2 = { hash: hashHere, verify: verifyHere },
): Promise<PasswordHasher> {
  const { hash: argon2Hash, verify: argon2Verify } = engine;
  const options = { memoryCost: cost.memoryKiB, timeCost: cost.passes, parallelism: cost.lanes };
  // argon2id is the package's default algorithm; its name is a const enum, which single-file compilers cannot read.
  const isOutdated = (stored: string): boolean => {
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    return memoryCost !== cost.memoryKiB || timeCost !== cost.passes || parallelism !== cost.lanes;
  };
  const hash = async (password: string, beside: readonly string[] = []): Promise<HashedPassword> => {
    const neighbour = beside.find((stored) => !isOutdated(stored));
    const salt = neighbour === undefined ? {} : { salt: saltOf(neighbour) };
    return (await argon2Hash(normalised(password), { ...options, ...salt })) as HashedPassword;
  };
  // Once, before anything else of the process waits: not worth starting a thread for.
  const decoy = await hashHere(crypto.randomUUID(), options);
  return {
    hash,
    async matching(hashes, password) {
      const typed = normalised(password);
      const matched: string[] = [];
      // One after the other: each computation takes as much memory as a sign-in.
      for (const [first, ...others] of bySalt(hashes.length === 0 ? [decoy] : hashes)) {
        if (others.length === 0) {
          if (await argon2Verify(first, typed)) matched.push(first);
          continue;
        }
        const { memoryCost, timeCost, parallelism } = parseOptions(first);
        const salt = saltOf(first);
        const computed = await argon2Hash(typed, { memoryCost, timeCost, parallelism, salt });
        matched.push(...[first, ...others].filter((stored) => isSame(stored, computed)));
      }
      return matched;
    },
    isOutdated,
    decoy,
  };
}

/** Hashes that one computation decides about: everything but the digest is the same. */
function bySalt(hashes: readonly string[]): readonly (readonly [string, ...string[]])[] {
  const groups = new Map<string, [string, ...string[]]>();
  for (const stored of new Set(hashes)) {
    const terms = stored.slice(0, stored.lastIndexOf('$'));
    const group = groups.get(terms);
    if (group === undefined) groups.set(terms, [stored]);
    else group.push(stored);
  }
  return [...groups.values()];
}

/** The salt in a hash in PHC form: `$argon2id$v=…$m=…,t=…,p=…$SALT$DIGEST`. */
function saltOf(stored: string): Uint8Array {
  return Buffer.from(stored.split('$').at(-2) ?? '', 'base64');
}

function isSame(stored: string, computed: string): boolean {
  const [a, b] = [Buffer.from(stored), Buffer.from(computed)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The same characters typed on another keyboard or system are the same password (NIST SP 800-63B §3.1.1.2). */
function normalised(password: string): string {
  return password.normalize('NFKC');
}
