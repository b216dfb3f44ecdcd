/** What a password that is to be set is held to before it is hashed. */
import { type Account, AccountError } from '../accounts/account.js';
import { type Iin } from '../accounts/national-number.js';
import { type HashedPassword } from './hasher.js';
import { judgeNewPassword } from './judgement.js';
import { type PasswordParts } from './parts.js';
import { type PasswordContext } from './rules/context.js';
import { type BrokenRule } from './rules/rules.js';

/** A new password that may not be set, and every rule it breaks. */
export class PasswordRulesBroken extends AccountError {
  readonly broken: readonly BrokenRule[];

  constructor(broken: readonly BrokenRule[]) {
    super('PASSWORD_RULES_BROKEN', `the password breaks the rules: ${broken.join(', ')}`);
    this.broken = broken;
  }
}

/** See `Passwords.prepare`. @throws PasswordRulesBroken */
export async function preparePassword(
  parts: PasswordParts,
  iin: Iin,
  password: string,
  account: Account | undefined,
): Promise<HashedPassword> {
  const { store, hasher, rules, breached } = parts;
  const known = rules.context ? await contextOf(parts, iin, account) : { names: [], organisations: [] };
  const broken = await judgeNewPassword(rules, password, { iin, ...known }, breached);
  if (broken.length > 0) throw new PasswordRulesBroken(broken);
  // Earlier passwords are the person's own matter: whoever took an invitation is not told of them.
  if (account === undefined && (await isReused(parts, iin, password)))
    throw new PasswordRulesBroken(['reused']);
  if (await isTemporary(parts, iin, password, account)) throw new PasswordRulesBroken(['reused']);
  return hasher.hash(password, await store.hashesBeside(iin, account?.membership.id ?? null));
}

async function contextOf(
  { people, door }: PasswordParts,
  iin: Iin,
  account: Account | undefined,
): Promise<Pick<PasswordContext, 'names' | 'organisations'>> {
  if (account !== undefined) {
    return { names: [account.person.name], organisations: [account.organisation.name] };
  }
  const person = await people.personByIin(iin);
  if (person === null) return { names: [], organisations: [] };
  const places = await door.accountsOf(iin);
  // Until a certificate names them, people have the name whoever invited them wrote.
  const names = [person.name, ...places.map((place) => place.person.name)];
  return { names, organisations: places.map(({ organisation }) => organisation.name) };
}

async function isReused(
  { store, hasher, rules }: PasswordParts,
  iin: Iin,
  password: string,
): Promise<boolean> {
  if (rules.reuse === 0) return false;
  const earlier = await store.latestHashes(iin, rules.reuse);
  return earlier.length > 0 && (await hasher.matching(earlier, password)).length > 0;
}

/** Whether it is the very one an operator set, which is to go whatever may be reused. */
async function isTemporary(
  { store, hasher, people }: PasswordParts,
  iin: Iin,
  password: string,
  account: Account | undefined,
): Promise<boolean> {
  const personId = account?.person.id ?? (await people.personByIin(iin))?.id;
  if (personId === undefined) return false;
  const standing = await store.standing(personId, account?.membership.id ?? null);
  if (standing?.temporaryUntil == null) return false;
  return (await hasher.matching([standing.hash], password)).length > 0;
}
