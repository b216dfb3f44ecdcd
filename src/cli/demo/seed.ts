import { type Organisation as KnownOrganisation, type Person } from '../../accounts/account.js';
import { type Bin, type Iin, parseBin, parseIin } from '../../accounts/national-number.js';
import { type OpenServices } from '../../services.js';
import { CAST, type CastMember, nameOf, ORGANISATION, ROLES } from './cast.js';

/** A program that may ask the demonstration for verdicts. */
export interface SeededClient {
  readonly id: string;
  readonly secret: string;
}

/** What a demonstration finds or makes in its store. */
export interface Seeded {
  readonly client: SeededClient;
  /** IINs of those who have another password now than the published one. */
  readonly changedPasswords: ReadonlySet<string>;
}

/**
 * Fills the store with the organisation and the people of the demonstration. What is already there stays as it is, so that a
 * demonstration started again goes on where it stopped; API clients get a new secret each time, because the old one is not known.
 */
export async function seed(storage: OpenServices, now: Date): Promise<Seeded> {
  const organisation = await seedOrganisation(storage, now);
  await seedRoles(storage, organisation.id, now);
  const changedPasswords = new Set<string>();
  for (const member of CAST) {
    if (member.roles === null) continue;
    const known = await storage.accounts.tenant(organisation.id).members.ofIin(iinOf(member.iin));
    const person = known?.person ?? (await seedMember(storage, organisation.id, member, now));
    for (const role of member.platformRoles ?? []) {
      await storage.accounts.grantPlatformRole(person.id, role, { kind: 'gateway', id: null }, now);
    }
    const { changedAt } = await storage.passwords.stateOf(person.id, now);
    // The published one was set in the moment the person was made; those without one may have set one since.
    const published = member.password === undefined ? undefined : person.createdAt.getTime();
    if (changedAt?.getTime() !== published) changedPasswords.add(member.iin);
  }
  return { client: await seedClient(storage, now), changedPasswords };
}

async function seedMember(
  storage: OpenServices,
  organisationId: string,
  { iin: digits, password, roles, ...names }: CastMember,
  now: Date,
): Promise<Person> {
  const iin = iinOf(digits);
  // Hashing is slow on purpose and must not hold the database meanwhile.
  const prepared = password === undefined ? null : await storage.passwords.prepare(iin, password);
  return storage.atomically(async ({ accounts, passwords }) => {
    const person = await accounts.addPerson({ iin, name: nameOf(names) }, now);
    await accounts
      .tenant(organisationId)
      .members.add({ personId: person.id, status: 'active', roles: roles ?? [], by: null }, now);
    if (prepared !== null) await passwords.set(iin, prepared, now);
    return person;
  });
}

async function seedRoles(storage: OpenServices, organisationId: string, now: Date): Promise<void> {
  const { roles } = storage.accounts.tenant(organisationId);
  const known = (await roles.list()).map(({ name }) => name);
  for (const role of ROLES.filter(({ name }) => !known.includes(name))) await roles.define(role, now);
}

async function seedOrganisation(storage: OpenServices, now: Date): Promise<KnownOrganisation> {
  const bin = binOf(ORGANISATION.bin);
  const known = await storage.accounts.organisationByBin(bin);
  if (known !== null) return known;
  const settings = { allowPersonalKeys: true, allowPasswords: true };
  return storage.accounts.addOrganisation({ name: ORGANISATION.name, bin, settings }, now);
}

async function seedClient(storage: OpenServices, now: Date): Promise<SeededClient> {
  const name = 'demo document flow';
  for (const client of await storage.apiClients.list()) {
    if (client.name === name && client.status === 'active') await storage.apiClients.revoke(client.id, now);
  }
  const { client, secret } = await storage.apiClients.add(name, now);
  return { id: client.id, secret };
}

function iinOf(text: string): Iin {
  const iin = parseIin(text);
  if (iin === null) throw new Error('the cast of the demonstration has a malformed IIN');
  return iin;
}

function binOf(text: string): Bin {
  const bin = parseBin(text);
  if (bin === null) throw new Error('the cast of the demonstration has a malformed BIN');
  return bin;
}
