/** The only way to what concerns the whole installation: who may go there is found out before anything is read or changed. */
import { AccountError } from '../accounts/account-error.js';
import { type Person } from '../accounts/account.js';
import { type Iin } from '../accounts/national-number.js';
import { type PlatformRole } from '../accounts/platform-role.js';
import { type Act } from '../audit/act.js';
import { type AuditEventType } from '../audit/event.js';
import { record, type ToldOf } from '../audit/recorder.js';
import { type Passwords } from '../passwords/password.js';
import { type AdministrationStorage, type AdministrationStores } from './stores.js';

/** Which roles may do what: read of everybody, keep people and organisations out, decide who runs the installation; `operate`: an operator at the shell alone. */
export const PLATFORM_DUTIES = {
  read: ['administrator', 'security-officer', 'support'],
  act: ['administrator', 'security-officer'],
  rule: ['administrator'],
  operate: [],
} as const satisfies Readonly<Record<string, readonly PlatformRole[]>>;

type Duty = keyof typeof PLATFORM_DUTIES;

/** Names a person. */
export type Whom = { readonly id: string } | { readonly iin: Iin };

/** A unit of work on the installation. */
export interface PlatformUnit {
  readonly stores: AdministrationStores;
  readonly act: Act;
  readonly record: <Type extends AuditEventType>(type: Type, ...told: ToldOf<Type>) => Promise<void>;
  /** @throws AccountError `PERSON_UNKNOWN` */
  person(whom: Whom): Promise<Person>;
}

declare const checked: unique symbol;

/** The installation as an act may enter it: the duty it was let in for is part of the type, and `authorisePlatform` alone makes it. */
export interface Platform<D extends Duty> {
  readonly [checked]: D;
  readonly act: Act;
  readonly passwords: Pick<Passwords, 'prepare'>;
  atomically<T>(work: (unit: PlatformUnit) => Promise<T>): Promise<T>;
}

/**
 * Lets an act do this duty.
 *
 * @throws AccountError `PERMISSION_DENIED`, also for every act inside an organisation: a manager manages that alone
 */
export function authorisePlatform<D extends Duty>(
  storage: AdministrationStorage,
  act: Act,
  duty: D,
): Platform<D> {
  const { organisationId, authority } = act;
  const roles: readonly PlatformRole[] = PLATFORM_DUTIES[duty];
  const held = authority === 'all' || roles.some((role) => authority.includes(role));
  if (organisationId !== null || !held) {
    throw new AccountError('PERMISSION_DENIED', 'this is for those who run the installation');
  }
  const entered: Omit<Platform<D>, typeof checked> = {
    act,
    passwords: storage.passwords,
    atomically: (work) => storage.atomically((stores) => work(platformUnit(stores, act))),
  };
  return entered as Platform<D>;
}

function platformUnit(stores: AdministrationStores, act: Act): PlatformUnit {
  return {
    stores,
    act,
    record: (type, ...told) => record(stores.audit, act, type, ...told),
    async person(whom) {
      const person = await ('id' in whom
        ? stores.accounts.personById(whom.id)
        : stores.accounts.personByIin(whom.iin));
      if (person === null) throw new AccountError('PERSON_UNKNOWN', 'there is no such person');
      return person;
    },
  };
}
