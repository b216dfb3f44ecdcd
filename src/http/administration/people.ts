import { authorisePlatform } from '../../administration/platform.js';
import { type Person } from '../../accounts/account.js';
import { maskNumber, parseIin } from '../../accounts/national-number.js';
import { endPersonSession, endPersonSessions } from '../../administration/person-access.js';
import {
  grantPlatformRole,
  revokePlatformRole,
  setPersonStatus,
  unblockPassword,
} from '../../administration/people.js';
import {
  iinSearchRequest,
  personParams,
  personReply,
  personSessionList,
  personSessionParams,
  platformPeople,
  platformRoleParams,
} from './schema.js';
import { type Operation, operation, type Reply } from '../kernel/operation.js';
import { memberSessionBody } from '../shapes/organisation-body.js';
import { nothingRequest, unblockedReply } from '../shapes/organisation-schema.js';
import { Problem } from '../kernel/problem.js';
import { sessionsEndedReply } from '../shapes/session-schema.js';
import { MANAGEMENT_BODY, type ManagementParts } from '../kernel/acting.js';
import { PLATFORM_ACTING, PLATFORM_READING, PLATFORM_RULING } from './access.js';

const PATH = '/v1/administration/people';
const PERSON = `${PATH}/{person}`;

/** People whatever their organisations, for those who run the installation. */
export function peopleOperations({ storage, clock }: ManagementParts): Operation[] {
  const nothing = { schema: nothingRequest, limit: MANAGEMENT_BODY } as const;
  const replies = { 200: { description: 'The person', schema: personReply } } as const;

  const known = async (personId: string): Promise<Person> => {
    const person = await storage.accounts.personById(personId);
    if (person === null) throw new Problem('RESOURCE_UNKNOWN');
    return person;
  };

  const one = async (person: Person): Promise<Reply> => {
    const accounts = await storage.accounts.accountsOf(person.iin);
    const memberships = accounts.map(({ membership: { id, roles, status }, organisation }) => ({
      id,
      organisation: { id: organisation.id, name: organisation.name, bin: organisation.bin },
      roles,
      status,
    }));
    const platformRoles = await storage.accounts.platformRolesOf(person.id);
    const { id, name, iin, status } = person;
    const passwordBlocked = await storage.passwords.isBlocked(iin);
    const iinMasked = maskNumber(iin);
    const body = { id, name, iinMasked, status, passwordBlocked, platformRoles, memberships };
    return { status: 200, body };
  };

  const changeStatus = (name: 'suspend' | 'resume', summary: string, status: Person['status']): Operation =>
    operation({
      ...PLATFORM_ACTING,
      id: `${name}Person`,
      method: 'post',
      path: `${PERSON}/${name}`,
      summary,
      params: personParams,
      body: nothing,
      replies,
      problems: status === 'suspended' ? ['LAST_ADMINISTRATOR'] : [],
      async handle({ params, visitor }) {
        const platform = authorisePlatform(storage, visitor.act, 'act');
        return one(await setPersonStatus(platform, { id: params.person }, status));
      },
    });

  const changeRole = (
    id: string,
    method: 'put' | 'delete',
    summary: string,
    work: typeof grantPlatformRole,
  ): Operation =>
    operation({
      ...PLATFORM_RULING,
      id,
      method,
      path: `${PERSON}/platform-roles/{role}`,
      summary,
      params: platformRoleParams,
      replies,
      problems: method === 'delete' ? ['LAST_ADMINISTRATOR'] : [],
      async handle({ params: { person, role }, visitor }) {
        const platform = authorisePlatform(storage, visitor.act, 'rule');
        return one((await work(platform, { id: person }, role)).person);
      },
    });

  return [
    operation({
      ...PLATFORM_READING,
      id: 'searchPeople',
      privilegedRead: true,
      method: 'post',
      path: `${PATH}/search`,
      summary: 'The person of an IIN, which has no place in an address',
      body: { schema: iinSearchRequest, limit: MANAGEMENT_BODY },
      replies,
      problems: ['RESOURCE_UNKNOWN'],
      async handle({ body: { iin } }) {
        const number = parseIin(iin);
        if (number === null) throw new Problem('RESOURCE_UNKNOWN');
        const person = await storage.accounts.personByIin(number);
        const by = { by: 'iin', found: person === null ? 0 : 1 } as const;
        if (person !== null) {
          return {
            ...(await one(person)),
            looked: { subject: { kind: 'person', id: person.id }, details: by },
          };
        }
        // It was looked for all the same, and an answer that finds nobody tells that nobody is here.
        const details = { ...by, iin: storage.accounts.referenceOf(number) };
        return { status: 404, problem: 'RESOURCE_UNKNOWN', looked: { subject: null, details } };
      },
    }),
    operation({
      ...PLATFORM_READING,
      id: 'getPerson',
      privilegedRead: true,
      method: 'get',
      path: PERSON,
      summary: 'One person and their memberships',
      params: personParams,
      replies,
      problems: [],
      handle: async ({ params: { person } }) => one(await known(person)),
    }),
    changeStatus('suspend', 'Keep a person out everywhere; all their sessions end', 'suspended'),
    changeStatus('resume', 'Let a suspended person in again', 'active'),
    operation({
      ...PLATFORM_ACTING,
      id: 'unblockPassword',
      method: 'post',
      path: `${PERSON}/unblock-password`,
      summary: 'Let a person try their password again after too many wrong ones',
      params: personParams,
      body: nothing,
      replies: { 200: { description: 'Whether it was blocked', schema: unblockedReply } },
      problems: [],
      async handle({ params: { person }, visitor }) {
        const platform = authorisePlatform(storage, visitor.act, 'act');
        return { status: 200, body: await unblockPassword(platform, { id: person }) };
      },
    }),
    operation({
      ...PLATFORM_READING,
      id: 'listPersonSessions',
      privilegedRead: true,
      method: 'get',
      path: `${PERSON}/sessions`,
      summary: 'Where a person is signed in, newest first',
      params: personParams,
      replies: { 200: { description: 'Live sessions', schema: personSessionList } },
      problems: [],
      async handle({ params: { person } }) {
        const { id: personId } = await known(person);
        const sessions = await storage.sessions.list({ personId }, clock());
        const items = sessions.map((session) => ({
          ...memberSessionBody(session),
          organisation: session.organisationId,
        }));
        return { status: 200, body: { items } };
      },
    }),
    operation({
      ...PLATFORM_ACTING,
      id: 'endPersonSession',
      method: 'delete',
      path: `${PERSON}/sessions/{session}`,
      summary: 'End one session of a person',
      params: personSessionParams,
      replies: { 204: { description: 'Ended' } },
      problems: [],
      async handle({ params: { person, session }, visitor }) {
        const named = { personId: person, sessionId: session };
        const platform = authorisePlatform(storage, visitor.act, 'act');
        if (!(await endPersonSession(platform, named))) throw new Problem('RESOURCE_UNKNOWN');
        return { status: 204 };
      },
    }),
    operation({
      ...PLATFORM_ACTING,
      id: 'endPersonSessions',
      method: 'delete',
      path: `${PERSON}/sessions`,
      summary: 'End every session of a person',
      params: personParams,
      replies: { 200: { description: 'How many there were', schema: sessionsEndedReply } },
      problems: [],
      async handle({ params: { person }, visitor }) {
        const platform = authorisePlatform(storage, visitor.act, 'act');
        return { status: 200, body: { ended: await endPersonSessions(platform, person) } };
      },
    }),
    operation({
      ...PLATFORM_READING,
      id: 'listPlatformPeople',
      privilegedRead: true,
      method: 'get',
      path: '/v1/administration/platform-people',
      summary: 'Everybody who runs the installation',
      replies: { 200: { description: 'People and their platform roles', schema: platformPeople } },
      problems: [],
      async handle() {
        const items = (await storage.accounts.platformPeople()).map(
          ({ person: { id, name, iin }, roles }) => ({
            id,
            name,
            iinMasked: maskNumber(iin),
            platformRoles: roles,
          }),
        );
        return { status: 200, body: { items } };
      },
    }),
    changeRole(
      'grantPlatformRole',
      'put',
      'Give a person a platform role; their sessions end',
      grantPlatformRole,
    ),
    changeRole(
      'revokePlatformRole',
      'delete',
      'Take a platform role; their sessions end',
      revokePlatformRole,
    ),
  ];
}
