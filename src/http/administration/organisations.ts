import { authorisePlatform } from '../../administration/platform.js';
import { type Organisation } from '../../accounts/account.js';
import { parseBin, parseIin } from '../../accounts/national-number.js';
import { setOrganisationStatus } from '../../administration/organisations.js';
import { type AuditLog } from '../../audit/log.js';
import { MANAGEMENT_BODY, type ManagementParts } from '../kernel/acting.js';
import { given } from '../kernel/given.js';
import { type Operation, operation, type Reply } from '../kernel/operation.js';
import { Problem } from '../kernel/problem.js';
import { readLog } from '../shapes/log-reading.js';
import { logPage } from '../shapes/log-schema.js';
import { organisationBody, pageBody } from '../shapes/organisation-body.js';
import { nothingRequest, organisationReply } from '../shapes/organisation-schema.js';
import { PLATFORM_ACTING, PLATFORM_READING } from './access.js';
import {
  numberSearchRequest,
  organisationPage,
  organisationParams,
  organisationsQuery,
  platformLogQuery,
} from './schema.js';

const PATH = '/v1/administration/organisations';
const ORGANISATION = `${PATH}/{organisation}`;

/** Organisations and the log, for those who run the installation. */
export function administrationOperations(
  parts: ManagementParts & { readonly audit: Pick<AuditLog, 'list'> },
): Operation[] {
  const { storage, audit } = parts;
  const replies = { 200: { description: 'The organisation', schema: organisationReply } } as const;
  const pages = { 200: { description: 'A part of the list', schema: organisationPage } } as const;

  const one = async (id: string): Promise<Reply> => {
    const organisation = await storage.accounts.organisationById(id);
    if (organisation === null) throw new Problem('RESOURCE_UNKNOWN');
    return { status: 200, body: organisationBody(organisation) };
  };

  const change = (name: 'suspend' | 'resume', summary: string, status: Organisation['status']): Operation =>
    operation({
      ...PLATFORM_ACTING,
      id: `${name}Organisation`,
      method: 'post',
      path: `${ORGANISATION}/${name}`,
      summary,
      params: organisationParams,
      body: { schema: nothingRequest, limit: MANAGEMENT_BODY },
      replies,
      problems: [
        'ORGANISATION_NOT_MERGEABLE',
        ...(status === 'suspended' ? (['LAST_ADMINISTRATOR'] as const) : []),
      ],
      async handle({ params: { organisation }, visitor }) {
        await setOrganisationStatus(authorisePlatform(storage, visitor.act, 'act'), organisation, status);
        return one(organisation);
      },
    });

  return [
    operation({
      ...PLATFORM_READING,
      id: 'listOrganisations',
      privilegedRead: true,
      method: 'get',
      path: PATH,
      summary: 'Organisations by name',
      query: organisationsQuery,
      replies: pages,
      problems: [],
      async handle({ query }) {
        const page = await storage.accounts.listOrganisations(given(query));
        return { status: 200, body: pageBody(page, organisationBody) };
      },
    }),
    operation({
      ...PLATFORM_READING,
      id: 'searchOrganisations',
      privilegedRead: true,
      method: 'post',
      path: `${PATH}/search`,
      summary: 'The organisation of a number, which has no place in an address',
      body: { schema: numberSearchRequest, limit: MANAGEMENT_BODY },
      replies: pages,
      problems: [],
      async handle({ body: { number } }) {
        const [bin, iin] = [parseBin(number), parseIin(number)];
        const found =
          (bin === null ? null : await storage.accounts.organisationByBin(bin)) ??
          (iin === null ? null : await storage.accounts.organisationByOwner(iin));
        const items = found === null ? [] : [organisationBody(found)];
        const subject = found === null ? null : ({ kind: 'organisation', id: found.id } as const);
        const looked = { subject, details: { by: 'number', found: items.length } };
        return { status: 200, body: { items, nextCursor: null }, looked };
      },
    }),
    operation({
      ...PLATFORM_READING,
      id: 'getOrganisationById',
      privilegedRead: true,
      method: 'get',
      path: ORGANISATION,
      summary: 'One organisation',
      params: organisationParams,
      replies,
      problems: [],
      handle: ({ params: { organisation } }) => one(organisation),
    }),
    change('suspend', 'Keep an organisation out; the sessions of all its members end', 'suspended'),
    change('resume', 'Let a suspended organisation in again', 'active'),
    operation({
      ...PLATFORM_READING,
      id: 'readLog',
      privilegedRead: true,
      method: 'get',
      path: '/v1/administration/log',
      summary: 'The log of the whole installation',
      query: platformLogQuery,
      replies: { 200: { description: 'A part of the log', schema: logPage } },
      problems: [],
      handle({ query: { organisation, about, ...query } }) {
        return readLog(audit, query, {
          ...(organisation === undefined ? {} : { organisationId: organisation }),
          ...(about === undefined ? {} : { about: [about] }),
        });
      },
    }),
  ];
}
