/** What those who run the installation do to a person everywhere. */
import { type Person } from '../accounts/account.js';
import { type PlatformRole } from '../accounts/platform-role.js';
import { type Iin } from '../accounts/national-number.js';
import { assertAdministratorRemains } from './last-administrator.js';
import { type Platform, type Whom } from './platform.js';

/**
 * Suspends a person everywhere, which ends all their sessions at once, or lets them in again.
 *
 * @throws AccountError `PERSON_UNKNOWN`, `LAST_ADMINISTRATOR`
 */
export function setPersonStatus(
  platform: Platform<'act'>,
  whom: Whom,
  status: Person['status'],
): Promise<Person> {
  return platform.atomically(async (unit) => {
    const { accounts, sessions } = unit.stores;
    const person = await unit.person(whom);
    const { id } = person;
    if (status === 'suspended') await assertAdministratorRemains(unit, (account) => account.person.id === id);
    await accounts.setPersonStatus(id, status);
    await unit.record(status === 'active' ? 'person.resumed' : 'person.suspended', {
      subject: { kind: 'person', id },
      details: { sessionsEnded: status === 'active' ? 0 : await sessions.endAllOf({ personId: id }) },
    });
    return { ...person, status };
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
  platform: Platform<'operate'>,
  iin: Iin,
  password: string,
): Promise<{ readonly temporaryUntil: Date | null }> {
  const prepared = await platform.passwords.prepare(iin, password);
  return platform.atomically(async (unit) => {
    const { passwords, sessions } = unit.stores;
    const { id } = await unit.person({ iin });
    const set = await passwords.set(iin, prepared, unit.act.at, 'as-before', 'temporary');
    await unit.record('password.set', {
      subject: { kind: 'person', id },
      details: {
        sessionsEnded: await sessions.endAllOf({ personId: id }),
        temporaryUntil: set.temporaryUntil?.toISOString() ?? null,
      },
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
  platform: Platform<'act'>,
  whom: Whom,
): Promise<{ readonly lifted: boolean }> {
  return platform.atomically(async (unit) => {
    const { id, iin } = await unit.person(whom);
    const { lifted } = await unit.stores.passwords.clearFailures(iin);
    if (lifted) await unit.record('password.unblocked', { subject: { kind: 'person', id } });
    return { lifted };
  });
}

/** Whether the person's roles changed by it. */
export interface RoleChange {
  readonly changed: boolean;
  readonly person: Person;
}

/**
 * Gives a person a role in running the installation, unless they had it. Their sessions end, as with every change of rights.
 *
 * @throws AccountError `PERSON_UNKNOWN`
 */
export function grantPlatformRole(
  platform: Platform<'rule'>,
  whom: Whom,
  role: PlatformRole,
): Promise<RoleChange> {
  return changePlatformRole(platform, whom, role, true);
}

/** Takes such a role from who has it. @throws AccountError `PERSON_UNKNOWN`, `LAST_ADMINISTRATOR` */
export function revokePlatformRole(
  platform: Platform<'rule'>,
  whom: Whom,
  role: PlatformRole,
): Promise<RoleChange> {
  return changePlatformRole(platform, whom, role, false);
}

function changePlatformRole(
  platform: Platform<'rule'>,
  whom: Whom,
  role: PlatformRole,
  granted: boolean,
): Promise<RoleChange> {
  return platform.atomically(async (unit) => {
    const { accounts, sessions } = unit.stores;
    const { who, at } = unit.act;
    const person = await unit.person(whom);
    const { id } = person;
    if (!granted && role === 'administrator') {
      await assertAdministratorRemains(unit, (account) => account.person.id === id);
    }
    const changed = granted
      ? await accounts.grantPlatformRole(id, role, who, at)
      : await accounts.revokePlatformRole(id, role);
    if (!changed) return { changed, person };
    await unit.record(granted ? 'platform-role.granted' : 'platform-role.revoked', {
      subject: { kind: 'person', id },
      details: { role, sessionsEnded: await sessions.endAllOf({ personId: id }) },
    });
    return { changed, person };
  });
}
