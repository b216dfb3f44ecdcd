import { authorise } from '../../administration/authority.js';
import { changeSettings } from '../../administration/organisations.js';
import { type Operation, operation } from '../kernel/operation.js';
import { organisationBody } from '../shapes/organisation-body.js';
import { organisationReply, settingsRequest } from '../shapes/organisation-schema.js';
import { MANAGEMENT_BODY, type ManagementParts } from '../kernel/acting.js';
import { given } from '../kernel/given.js';
import { MEMBERS_READING } from './access.js';

/** The caller's own organisation. */
export function organisationOperations({ storage }: ManagementParts): Operation[] {
  return [
    operation({
      ...MEMBERS_READING,
      tag: 'organisation',
      id: 'getOrganisation',
      method: 'get',
      path: '/v1/organisation',
      summary: 'The organisation of the session, with its settings',
      replies: { 200: { description: 'The organisation', schema: organisationReply } },
      problems: [],
      async handle({ visitor }) {
        const { tenant } = authorise(storage, visitor.act, 'qaqpa:members.read');
        return { status: 200, body: organisationBody(await tenant.organisation()) };
      },
    }),
    operation({
      id: 'changeSettings',
      method: 'patch',
      path: '/v1/organisation/settings',
      summary: 'Change how members sign in',
      tag: 'organisation',
      access: 'member',
      permission: 'qaqpa:settings.write',
      stepUp: 'settings.change',
      limit: 'manage',
      body: { schema: settingsRequest, limit: MANAGEMENT_BODY },
      replies: { 200: { description: 'The organisation as it is now', schema: organisationReply } },
      problems: [],
      async handle({ body, visitor }) {
        const organisation = authorise(storage, visitor.act, 'qaqpa:settings.write');
        await changeSettings(organisation, given(body));
        return { status: 200, body: organisationBody(await organisation.tenant.organisation()) };
      },
    }),
  ];
}
