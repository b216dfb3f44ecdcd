/** What those who run the installation do to a person everywhere. */
import { AccountError, type Person } from '../accounts/account.js';
import { type Iin } from '../accounts/national-number.js';
import { type PlatformRole } from '../accounts/platform-role.js';
import { type Act } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { assertAdministratorRemains } from './last-administrator.js';
import { type AdministrationStorage, type AdministrationStores } from './stores.js';

/**
 * Suspends a person everywhere, which ends all their sessions at once, or lets them in again.
 *
 * @throws AccountError `PERSON_UNKNOWN`, `LAST_ADMINISTRATOR`
 */
export function setPersonStatus(
  storage: AdministrationStorage,
  iin: Iin,
  status: Person['status'],
  act: Act,
): Promise<void> {
  return storage.atomically(async (stores) => {
    const { id } = await personOf(stores, iin);
    if (status === 'suspended')
      await assertAdministratorRemains(stores, ({ person }) => person.id === id, act);
    await stores.accounts.setPersonStatus(id, status);
    const ended = status === 'active' ? 0 : await stores.sessions.endAllOf({ personId: id });
    await record(stores.audit, act, status === 'active' ? 'person.resumed' : 'person.suspended', {
      subject: { kind: 'person', id },
      details: { sessionsEnded: ended },
    });
  });
}

/**
 * Sets a temporary password for a person, which clears failed attempts and ends all their sessions. It has to be changed at the first
 * sign-in with it, so that the person alone knows the one that lasts.
 *
 * @returns until when it lets in
 * @throws AccountError `PERSON_UNKNOWN`, `PASSWORD_RULES_BROKEN`
 */
export async function setPassword(
  storage: AdministrationStorage,
  iin: Iin,
  password: string,
  act: Act,
): Promise<{ readonly temporaryUntil: Date | null }> {
  const prepared = await storage.passwords.prepare(iin, password);
  return storage.atomically(async (stores) => {
    const { id } = await personOf(stores, iin);
    const set = await stores.passwords.set(iin, prepared, act.at, 'as-before', 'temporary');
    const ended = await stores.sessions.endAllOf({ personId: id });
    await record(stores.audit, act, 'password.set', {
      subject: { kind: 'person', id },
      details: { sessionsEnded: ended, temporaryUntil: set.temporaryUntil?.toISOString() ?? null },
    });
    return set;
  });
}

/**
 * Opens the password path again. `lifted` is false when it was not closed.
 *
 * @throws AccountError `PERSON_UNKNOWN`
 */
export function unblockPassword(
  storage: AdministrationStorage,
  iin: Iin,
  act: Act,
): Promise<{ readonly lifted: boolean }> {
  return storage.atomically(async (stores) => {
    const { id } = await personOf(stores, iin);
    const { lifted } = await stores.passwords.clearFailures(iin);
    if (lifted) {
      await record(stores.audit, act, 'password.unblocked', { subject: { kind: 'person', id } });
    }
    return { lifted };
  });
}

/**
 * Gives a person a role in running the installation; false when they had it. Their sessions end, as with every change of rights.
 *
 * @throws AccountError `PERSON_UNKNOWN`
 */
export function grantPlatformRole(
  storage: AdministrationStorage,
  iin: Iin,
  role: PlatformRole,
  act: Act,
): Promise<boolean> {
  return changePlatformRole(storage, iin, role, true, act);
}

/** Takes such a role; false when the person did not have it. @throws AccountError `PERSON_UNKNOWN`, `LAST_ADMINISTRATOR` */
export function revokePlatformRole(
  storage: AdministrationStorage,
  iin: Iin,
  role: PlatformRole,
  act: Act,
): Promise<boolean> {
  return changePlatformRole(storage, iin, role, false, act);
}

function changePlatformRole(
  storage: AdministrationStorage,
  iin: Iin,
  role: PlatformRole,
  granted: boolean,
  act: Act,
): Promise<boolean> {
  return storage.atomically(async (stores) => {
    const { id } = await personOf(stores, iin);
    if (!granted && role === 'administrator') {
      await assertAdministratorRemains(stores, ({ person }) => person.id === id, act);
    }
    const changed = granted
      ? await stores.accounts.grantPlatformRole(id, role, act.who, act.at)
      : await stores.accounts.revokePlatformRole(id, role);
    if (!changed) return false;
    await record(stores.audit, act, granted ? 'platform-role.granted' : 'platform-role.revoked', {
      subject: { kind: 'person', id },
      details: { role, sessionsEnded: await stores.sessions.endAllOf({ personId: id }) },
    });
    return true;
  });
}

async function personOf({ accounts }: AdministrationStores, iin: Iin): Promise<Person> {
  const person = await accounts.personByIin(iin);
  if (person === null) throw new AccountError('PERSON_UNKNOWN', 'there is no person of this IIN');
  return person;
}
