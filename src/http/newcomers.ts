import { type Operation } from './operation.js';
import { contactsOperations } from './routes/contacts.js';
import { type RegistrationOperationParts, registrationOperations } from './routes/registration.js';
import { type TermsOperationParts, termsOperations } from './routes/terms.js';

export type NewcomerParts = RegistrationOperationParts &
  TermsOperationParts &
  Parameters<typeof contactsOperations>[0];

/** How somebody comes to belong here: registration, invitations, the terms, and how to reach them. */
export function newcomerOperations(parts: NewcomerParts): Operation[] {
  return [...registrationOperations(parts), ...termsOperations(parts), ...contactsOperations(parts)];
}
