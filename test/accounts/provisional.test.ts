import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Iin } from '../../src/accounts/national-number.js';
import { type ProvisionalAccesses } from '../../src/accounts/provisional.js';
import { addMember } from '../support/members.js';
import { nextBin, nextIin } from '../support/next-number.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const LATER = new Date('2026-11-24T05:00:00Z');
const CONTACTS = { email: 'aigul@example.kz', phone: '+77010000001' };
const PASSWORD = 'Терезе ашылды, 2026';

interface Place {
  readonly membershipId: string;
  readonly organisationId: string;
  readonly personId: string;
}

let opened: TemporaryStorage;
let provisional: ProvisionalAccesses;
let iin: Iin;
beforeAll(async () => {
  opened = await openTemporaryStorage();
  provisional = opened.storage.provisional;
});
afterAll(() => opened.remove());
beforeEach(() => {
  iin = nextIin();
});

async function taken(name = 'Терек'): Promise<Place> {
  const { accounts, passwords } = opened.storage;
  const { id: organisationId } = await accounts.addOrganisation({ name, bin: nextBin() }, NOW);
  const { id: membershipId, personId } = await addMember(accounts, { organisationId, iin }, NOW);
  await passwords.set(iin, await passwords.prepare(iin, PASSWORD), NOW, { membershipId, organisationId });
  return { membershipId, organisationId, personId };
}

describe('what an invitation gave without an EDS', () => {
  it('has the contacts of its own membership and of no other', async () => {
    const [here, there] = [await taken(), await taken('Емен')];
    expect(await provisional.contactsOf(here.membershipId)).toEqual({ email: null, phone: null });
    expect(await provisional.setContacts(here.membershipId, CONTACTS)).toBe(true);
    expect(await provisional.contactsOf(here.membershipId)).toEqual(CONTACTS);
    expect(await provisional.contactsOf(there.membershipId)).toEqual({ email: null, phone: null });
  });

  it('keeps contacts sealed', async () => {
    const { membershipId } = await taken();
    await provisional.setContacts(membershipId, CONTACTS);
    const rows = await opened.query(
      `select * from provisional_access where membership_id = '${membershipId}'`,
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/aigul|7010000001/);
  });

  it('loses contacts that are taken away', async () => {
    const { membershipId } = await taken();
    await provisional.setContacts(membershipId, CONTACTS);
    await provisional.setContacts(membershipId, { email: null, phone: CONTACTS.phone });
    expect(await provisional.contactsOf(membershipId)).toEqual({ email: null, phone: CONTACTS.phone });
  });

  it('refuses contacts that are none, and keeps those that stood', async () => {
    const { membershipId } = await taken();
    await provisional.setContacts(membershipId, CONTACTS);
    await expect(
      provisional.setContacts(membershipId, { email: 'no address', phone: null }),
    ).rejects.toMatchObject({ code: 'CONTACT_MALFORMED' });
    expect(await provisional.contactsOf(membershipId)).toEqual(CONTACTS);
  });

  it.each(['', 'x', "' or 1=1 --"])('is not there for the membership %j', async (membershipId) => {
    expect(await provisional.contactsOf(membershipId)).toBeNull();
    expect(await provisional.setContacts(membershipId, CONTACTS)).toBe(false);
  });
});

describe('the end of what is provisional', () => {
  it('takes every password and all contacts of the person, says what they were, and leaves those of others', async () => {
    const [first, second] = [await taken('Терек'), await taken('Емен')];
    await provisional.setContacts(second.membershipId, CONTACTS);
    const person = first.personId;
    iin = nextIin();
    const other = await taken();
    await provisional.setContacts(other.membershipId, CONTACTS);

    const ended = await provisional.endAllOf(person, LATER);
    expect(new Set(ended)).toEqual(
      new Set([
        {
          membershipId: first.membershipId,
          organisation: { id: first.organisationId, name: 'Терек' },
          setAt: NOW,
          contacts: false,
        },
        {
          membershipId: second.membershipId,
          organisation: { id: second.organisationId, name: 'Емен' },
          setAt: NOW,
          contacts: true,
        },
      ]),
    );
    for (const { membershipId } of [first, second]) {
      expect(await provisional.contactsOf(membershipId)).toBeNull();
      expect(await provisional.setContacts(membershipId, CONTACTS)).toBe(false);
      expect(await opened.storage.passwords.stateOf(person, LATER, membershipId)).toMatchObject({
        set: false,
      });
    }
    expect(await provisional.contactsOf(other.membershipId)).toEqual(CONTACTS);
    expect(await opened.storage.passwords.stateOf(other.personId, LATER, other.membershipId)).toMatchObject({
      set: true,
      changedAt: NOW,
    });
  });

  it('comes once: the second time nothing is left to end', async () => {
    const { personId } = await taken();
    expect(await provisional.endAllOf(personId, LATER)).toHaveLength(1);
    expect(await provisional.endAllOf(personId, LATER)).toEqual([]);
  });

  it('is told from its moment on, to the millisecond', async () => {
    const { personId, membershipId } = await taken();
    await provisional.setContacts(membershipId, CONTACTS);
    const ended = await provisional.endAllOf(personId, LATER);
    expect(await provisional.endedSince(personId, LATER)).toEqual(ended);
    expect(await provisional.endedSince(personId, new Date(LATER.getTime() + 1))).toEqual([]);
    expect(await provisional.endedSince('unknown', NOW)).toEqual([]);
  });

  it('is undone by a new password at the membership, without the contacts of before', async () => {
    const place = await taken();
    await provisional.setContacts(place.membershipId, CONTACTS);
    await provisional.endAllOf(place.personId, LATER);
    const { passwords } = opened.storage;
    await passwords.set(iin, await passwords.prepare(iin, PASSWORD), LATER, place);
    expect(await provisional.contactsOf(place.membershipId)).toEqual({ email: null, phone: null });
    expect(await provisional.endedSince(place.personId, NOW)).toEqual([]);
  });
});
