/** What may be done to people wherever they belong. */
import { randomUUID } from 'node:crypto';
import { type Person } from './account.js';
import { readContacts } from './contacts.js';
import { type People } from './directory.js';
import { known, missing } from './known.js';
import { certifiedName, readName } from './naming.js';
import { type AccountStore } from './store.js';

export function createPeople(store: AccountStore): People {
  return {
    addPerson: ({ iin, name }, now) =>
      store.together(async (unit) => {
        const present = await unit.people.personByIin(iin);
        if (present !== null) return present;
        const person: Person = {
          id: randomUUID(),
          iin,
          name: name === '' ? '' : readName(name),
          nameConfirmed: false,
          status: 'active',
          createdAt: now,
        };
        await unit.people.insert(person);
        return person;
      }),
    personByIin: (iin) => store.people.personByIin(iin),
    referenceOf: (iin) => store.people.referenceOf(iin),
    personById: (personId) => store.people.personById(personId),
    confirmName: (personId, text, now) =>
      store.together(async (unit) => {
        const before = known(await unit.people.personById(personId), 'PERSON_UNKNOWN');
        const name = certifiedName(text);
        if (name === null) return { name: before.name, changed: false };
        const changed = before.name !== name;
        if (changed || !before.nameConfirmed) await unit.people.confirmName(personId, name, now);
        return { name, changed };
      }),
    async setPersonStatus(personId, status) {
      if (!(await store.people.setStatus(personId, status))) throw missing('PERSON_UNKNOWN');
    },
    contactsOf: async (personId) => known(await store.people.contactsOf(personId), 'PERSON_UNKNOWN'),
    setContacts: (personId, contacts) =>
      store.together(async (unit) => {
        const kept = await unit.people.setContacts(personId, readContacts(contacts));
        if (!kept) throw missing('PERSON_UNKNOWN');
      }),

    platformRolesOf: (personId) => store.people.platformRolesOf(personId),
    grantPlatformRole: (personId, role, by, now) =>
      store.together(async (unit) => {
        known(await unit.people.personById(personId), 'PERSON_UNKNOWN');
        return unit.people.grantPlatformRole(personId, role, by, now);
      }),
    revokePlatformRole: (personId, role) => store.people.revokePlatformRole(personId, role),
    platformPeople: () => store.people.platformPeople(),
  };
}
