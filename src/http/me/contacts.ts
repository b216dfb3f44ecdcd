import { AccountError, type Contacts } from '../../accounts/account.js';
import { type OwnContacts } from '../../me/own-contacts.js';
import { given } from '../kernel/given.js';
import { type Operation, operation } from '../kernel/operation.js';
import { Problem } from '../kernel/problem.js';
import { SMALL_BODY } from '../shapes/eds.js';
import { contactsReply, contactsRequest } from './schema.js';

/** A person's own e-mail and telephone. */
export function contactsOperations({ contacts }: { readonly contacts: OwnContacts }): Operation[] {
  const path = '/v1/me/contacts';
  const replies = { 200: { description: 'How I want to be reached', schema: contactsReply } };
  return [
    operation({
      id: 'readMyContacts',
      method: 'get',
      path,
      summary: 'My e-mail and telephone',
      tag: 'me',
      access: 'member',
      limit: 'manage',
      replies,
      problems: ['EDS_SESSION_REQUIRED'],
      handle: async ({ presence }) => ({ status: 200, body: known(await contacts.of(presence)) }),
    }),
    operation({
      id: 'changeMyContacts',
      method: 'patch',
      path,
      summary: 'Change my e-mail or telephone',
      tag: 'me',
      access: 'member',
      limit: 'manage',
      body: { schema: contactsRequest, limit: SMALL_BODY },
      replies,
      problems: ['CONTACT_MALFORMED', 'EDS_SESSION_REQUIRED'],
      async handle({ body, presence, visitor }) {
        try {
          return { status: 200, body: known(await contacts.change(presence, given(body), visitor.act)) };
        } catch (error) {
          if (error instanceof AccountError && error.code === 'CONTACT_MALFORMED') {
            throw new Problem('CONTACT_MALFORMED', { cause: error });
          }
          throw error;
        }
      },
    }),
  ];
}

function known(contacts: Contacts | null): Contacts {
  if (contacts === null) throw new Problem('EDS_SESSION_REQUIRED');
  return contacts;
}
