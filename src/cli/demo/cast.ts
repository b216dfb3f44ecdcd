import { type PlatformRole } from '../../accounts/platform-role.js';
import { type RoleDefinition } from '../../accounts/role.js';
import { type IssueRequest, makeBin, makeIin } from '../../lab/index.js';

type Algorithm = 'gost2015-512' | 'rsa-2048' | 'gost2004-256';
type Kind = 'head' | 'signing-right' | 'finance' | 'hr' | 'employee' | 'individual' | 'information-system';

export interface Organisation {
  readonly name: string;
  readonly bin: string;
}

/** A key that somebody of the demonstration holds. */
export interface CastKey {
  readonly algorithm: Algorithm;
  readonly kind: Kind;
  /** What is wrong with it, if it is there to be refused. */
  readonly defect?: 'expired' | 'revoked';
}

/** Somebody with an account, or somebody who is to be refused. */
export interface CastMember {
  readonly surname: string;
  readonly givenName: string;
  readonly patronymic: string;
  readonly iin: string;
  /** Roles of the account; `null`: no account at all. */
  readonly roles: readonly string[] | null;
  /** What they may do for the whole installation. */
  readonly platformRoles?: readonly PlatformRole[];
  readonly password?: string;
  readonly keys: readonly CastKey[];
  /** The organisation in the certificates, where it is not the one of the demonstration. */
  readonly organisation?: Organisation;
}

/** A fictional law office. BIN and IINs are well-formed and belong to nobody we know. */
export const ORGANISATION: Organisation = {
  name: 'Адвокатская контора «Демо-Қақпа»',
  bin: makeBin({ registered: '2021-03', order: 90_001 }),
};

/** What the organisation's roles let their holders do in its applications. */
export const ROLES: readonly RoleDefinition[] = [
  { name: 'lawyer', title: 'Адвокат', permissions: ['cases.read', 'cases.write'] },
  { name: 'hr', title: 'Кадр қызметі', permissions: ['qaqpa:members.read', 'staff.write'] },
  { name: 'assistant', title: 'Көмекші', permissions: ['cases.read'] },
];

/** Passwords of the demonstration are printed on purpose: its accounts exist on this machine only. */
export const CAST: readonly CastMember[] = [
  {
    surname: 'ҮЛГІЛІ',
    givenName: 'АЙГЕРІМ',
    patronymic: 'МЫСАЛҚЫЗЫ',
    iin: makeIin({ born: '1980-04-12', sex: 'female', order: 9_001 }),
    roles: ['manager'],
    password: 'Ashyq-aspan-2026-Tau',
    keys: [
      { algorithm: 'gost2015-512', kind: 'head' },
      { algorithm: 'rsa-2048', kind: 'head' },
    ],
  },
  {
    surname: 'ПРИМЕРОВ',
    givenName: 'ДАНИЯР',
    patronymic: 'ОБРАЗЦОВИЧ',
    iin: makeIin({ born: '1988-09-30', sex: 'male', order: 9_002 }),
    roles: ['lawyer'],
    password: 'Biik-terek-2026-Kol',
    keys: [
      { algorithm: 'gost2015-512', kind: 'employee' },
      { algorithm: 'rsa-2048', kind: 'employee' },
    ],
  },
  {
    surname: 'СЫНАҚОВА',
    givenName: 'МАДИНА',
    patronymic: 'ТЕСТҚЫЗЫ',
    iin: makeIin({ born: '1995-01-21', sex: 'female', order: 9_003 }),
    roles: ['hr'],
    keys: [
      { algorithm: 'gost2015-512', kind: 'hr' },
      { algorithm: 'gost2004-256', kind: 'hr' },
    ],
  },
  {
    surname: 'ДЕМОНСТРАЦИЕВ',
    givenName: 'ПЁТР',
    patronymic: 'УЧЕБНОВИЧ',
    iin: makeIin({ born: '2001-12-05', sex: 'male', order: 9_004 }),
    roles: ['assistant'],
    password: 'Tynyq-dala-2026-Zhel',
    keys: [{ algorithm: 'gost2015-512', kind: 'individual' }],
  },
  {
    surname: 'БАСҚАРУШЫ',
    givenName: 'ДӘУРЕН',
    patronymic: 'ҮЛГІҰЛЫ',
    iin: makeIin({ born: '1987-03-22', sex: 'male', order: 9_011 }),
    roles: ['assistant'],
    platformRoles: ['administrator'],
    password: 'Keng-zhol-2026-Darya',
    keys: [{ algorithm: 'gost2015-512', kind: 'employee' }],
  },
  {
    surname: 'ОХРАНИТЕЛЕВА',
    givenName: 'ЗАРИНА',
    patronymic: 'ОБРАЗЦОВНА',
    iin: makeIin({ born: '1990-08-09', sex: 'female', order: 9_012 }),
    roles: ['assistant'],
    platformRoles: ['security-officer'],
    password: 'Sary-dala-2026-Kun',
    keys: [{ algorithm: 'gost2015-512', kind: 'employee' }],
  },
  {
    surname: 'МЕРЗІМІ',
    givenName: 'ӨТКЕН',
    patronymic: 'ҮЛГІҰЛЫ',
    iin: makeIin({ born: '1979-07-07', sex: 'male', order: 9_005 }),
    roles: ['lawyer'],
    keys: [{ algorithm: 'gost2015-512', kind: 'employee', defect: 'expired' }],
  },
  {
    surname: 'ОТОЗВАННАЯ',
    givenName: 'КЛАРА',
    patronymic: 'ПРИМЕРОВНА',
    iin: makeIin({ born: '1991-11-11', sex: 'female', order: 9_006 }),
    roles: ['lawyer'],
    keys: [{ algorithm: 'gost2015-512', kind: 'signing-right', defect: 'revoked' }],
  },
  {
    surname: 'ПОСТОРОННИЙ',
    givenName: 'АРМАН',
    patronymic: 'ЧУЖОВИЧ',
    iin: makeIin({ born: '1985-05-05', sex: 'male', order: 9_007 }),
    roles: null,
    keys: [{ algorithm: 'gost2015-512', kind: 'individual' }],
  },
  // Newcomers: each can be registered by a click.
  {
    surname: 'ЖАҢАБАСШЫ',
    givenName: 'САБИРА',
    patronymic: 'ҮЛГІҚЫЗЫ',
    iin: makeIin({ born: '1976-02-14', sex: 'female', order: 9_008 }),
    roles: null,
    keys: [{ algorithm: 'gost2015-512', kind: 'head' }],
    organisation: {
      name: 'ЖШС «Жаңа Үлгі»',
      bin: makeBin({ registered: '2024-09', order: 90_002 }),
    },
  },
  {
    surname: 'НОВИЧКОВА',
    givenName: 'ДИНА',
    patronymic: 'ПРИМЕРОВНА',
    iin: makeIin({ born: '1999-06-18', sex: 'female', order: 9_009 }),
    roles: null,
    keys: [{ algorithm: 'gost2015-512', kind: 'employee' }],
  },
  {
    surname: 'КӘСІПКЕР',
    givenName: 'ЕРЛАН',
    patronymic: 'ДЕМОҰЛЫ',
    iin: makeIin({ born: '1983-10-03', sex: 'male', order: 9_010 }),
    roles: null,
    keys: [{ algorithm: 'gost2015-512', kind: 'individual' }],
  },
];

const DAY = 86_400_000;

/** What the laboratory has to put into the certificate of one key. */
export function certificateOf(member: CastMember, key: CastKey, now: Date): IssueRequest {
  const { surname, givenName, patronymic, iin, organisation = ORGANISATION } = member;
  const personal = { kind: key.kind, algorithm: key.algorithm, surname, givenName, patronymic, iin };
  const request =
    key.kind === 'individual'
      ? personal
      : { ...personal, bin: organisation.bin, organisation: organisation.name };
  return key.defect === 'expired'
    ? {
        ...request,
        notBefore: new Date(now.getTime() - 366 * DAY),
        notAfter: new Date(now.getTime() - DAY),
      }
    : request;
}

/** As the person is called in accounts and on the screen. */
export function nameOf(member: Pick<CastMember, 'surname' | 'givenName'>): string {
  return `${member.surname} ${member.givenName}`;
}
