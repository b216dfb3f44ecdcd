import { type Operation } from './kernel/operation.js';
import { contactsOperations } from './me/contacts.js';
import { type RegistrationOperationParts, registrationOperations } from './joining/registration.js';
import { type TermsOperationParts, termsOperations } from './me/terms.js';

export type NewcomerParts = RegistrationOperationParts &
  TermsOperationParts &
  Parameters<typeof contactsOperations>[0];

/** How somebody comes to belong here: registration, invitations, the terms, and how to reach them. */
export function newcomerOperations(parts: NewcomerParts): Operation[] {
  return [...registrationOperations(parts), ...termsOperations(parts), ...contactsOperations(parts)];
}
