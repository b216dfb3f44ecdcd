/** A store with something in every sealed column, and more people than one batch. */
import { type Person } from '../../src/accounts/account.js';
import { type Iin, parseIin } from '../../src/accounts/national-number.js';
import { addPractice } from '../../src/administration/organisations.js';
import { authorisePlatform } from '../../src/administration/platform.js';
import { operatorAct } from '../../src/audit/act.js';
import { type OpenServices } from '../../src/services.js';
import { addMember } from './members.js';
import { nextBin, nextIin } from './next-number.js';
import { NOW, STARTED } from './sample-records.js';

const BY = { kind: 'operator', id: null } as const;
const CONTACTS = { email: 'aigul@example.kz', phone: '+77010000000' };
const CERTIFICATE = { sha256: 'ab'.repeat(32), serialNumber: '0a', notAfter: new Date(NOW.getTime() + 1e10) };

export interface SealedWorld {
  readonly person: Person;
  readonly owner: Iin;
  readonly stepUpId: string;
  readonly termsId: string;
  readonly practiceId: string;
  readonly membershipId: string;
  readonly guestMembershipId: string;
}

/**
 * @param query runs a statement behind the program's back
 * @param crowd how many people there are besides
 */
export async function sealedWorld(
  storage: OpenServices,
  query: (statement: string) => Promise<unknown>,
  crowd: number,
): Promise<SealedWorld> {
  const { accounts, terms, stepUpSignatures, provisional } = storage;
  const owner = parseIin(nextIin())!;
  const practice = await addPractice(authorisePlatform(storage, operatorAct(null, NOW), 'operate'), {
    kind: 'individual',
    owner: { iin: owner, name: 'Нотариус' },
    name: 'Нотариус кеңсесі',
    settings: {},
  });
  const { id: organisationId } = await accounts.addOrganisation({ name: 'Қақпа', bin: nextBin() }, NOW);
  const membership = await addMember(accounts, { organisationId, iin: nextIin() }, NOW);
  const account = (await accounts.accountById(membership.id))!;
  const { person } = account;
  await accounts.setContacts(person.id, CONTACTS);
  await accounts.bindCertificate(account, { ...CERTIFICATE, der: new Uint8Array([1, 2, 3]) }, NOW);
  const challenge = { subjectId: '1.0/kk', text: 'Мен шарттарды қабылдаймын' };
  const accepted = await terms.accept(
    person.id,
    { challenge, cms: new Uint8Array([4]), certificate: CERTIFICATE },
    NOW,
  );
  const stepUpId = `evidence of ${person.id}`;
  await stepUpSignatures.keep({
    id: stepUpId,
    personId: person.id,
    membershipId: membership.id,
    organisationId,
    operation: 'password.set',
    digest: 'cd'.repeat(32),
    certificateSha256: CERTIFICATE.sha256,
    signedAt: NOW,
    usedAt: null,
    text: 'Мен өзгертемін',
    signature: new Uint8Array([5]),
  });
  const guest = await accounts.addPerson({ iin: parseIin(nextIin())!, name: '' }, NOW);
  const invited = { personId: guest.id, status: 'invited', roles: [], name: 'Қонақ', by: BY } as const;
  const guestMembership = await accounts.tenant(organisationId).members.add(invited, NOW);
  await query(`insert into provisional_access (membership_id, organisation_id, person_id, hash, changed_at)
    values ('${guestMembership.id}', '${organisationId}', '${guest.id}', 'x', 0)`);
  await provisional.setContacts(guestMembership.id, CONTACTS);
  await storage.audit.append({
    ...STARTED,
    actor: { kind: 'person', id: person.id },
    address: '203.0.113.7',
  });
  await storage.sealing.seal('https://login.example.kz', NOW);
  await storage.atomically(async (unit) => {
    for (let index = 0; index < crowd; index += 1) {
      await unit.accounts.addPerson({ iin: parseIin(nextIin())!, name: `Тұрғын ${index}` }, NOW);
    }
  });
  return {
    person,
    owner,
    stepUpId,
    termsId: accepted.id,
    practiceId: practice.id,
    membershipId: membership.id,
    guestMembershipId: guestMembership.id,
  };
}

/** Everything sealed of this world, as it is read through the stores. */
export async function readSealedWorld(storage: OpenServices, world: SealedWorld): Promise<unknown> {
  const { accounts, terms, stepUpSignatures, provisional } = storage;
  const { person, practiceId, membershipId, guestMembershipId } = world;
  const guest = await accounts.accountById(guestMembershipId);
  return {
    byIin: await accounts.personByIin(person.iin),
    contacts: await accounts.contactsOf(person.id),
    practice: await accounts.organisationById(practiceId),
    ofOwner: await accounts.organisationByOwner(world.owner),
    terms: await terms.evidenceOf(person.id, world.termsId),
    stepUp: await stepUpSignatures.get(world.stepUpId),
    certificate: await accounts.certificateBytesOf(membershipId, CERTIFICATE.sha256),
    guest: await accounts.tenant(guest!.organisation.id).members.get(guestMembershipId),
    proved: (await storage.audit.verify()).intact,
    addresses: (await storage.audit.list({ limit: 1000 })).flatMap(({ address }) => address ?? []),
    guestContacts: await provisional.contactsOf(guestMembershipId),
  };
}
