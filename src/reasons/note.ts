import { type NoteCode, type WarningCode } from '../eds/error.js';
import { CATALOGUE, type Reasons } from './catalogue.js';

/** What a report mentions and no verdict follows from: no problem, so neither a status nor a text for people. */
export const NOTES: Readonly<Record<NoteCode, string>> = {
  CONTENT_IS_A_SIGNED_MESSAGE: 'what was signed is itself a signed message; its signatures are not judged',
  MESSAGE_PADDED: 'there are zero octets after the message, as after one taken from a PDF',
  SIGNATURE_COVERS_PART: 'the signature covers a part of the document only',
  CERTIFICATE_TEXT_UNREADABLE: 'a text in the certificate that decides nothing cannot be read as it stands',
  CERTIFICATE_SET_ASIDE: 'an enclosed certificate that is not needed cannot be read and was set aside',
  SIGNING_TIME_UNREADABLE: 'the time the signer claims is not written as the standard demands',
  ATTRIBUTES_UNSORTED: 'the signed attributes were sent in another order than the one they were signed in',
};

/** What a code of a report means, in English without a full stop. docs/verdict.md says the same and what to do. */
export function meaningOf(code: WarningCode, reasons: Reasons = CATALOGUE): string {
  return code in NOTES ? NOTES[code as NoteCode] : reasons[code as Exclude<WarningCode, NoteCode>].meaning;
}
