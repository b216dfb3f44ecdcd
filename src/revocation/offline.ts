import { type RevocationSource } from '../eds/revocation.js';

/** Leaves revocation out of the verdict, and says so in it: every finding is `not-checked`. */
export function notCheckedRevocation(): RevocationSource {
  return { statusOf: () => Promise.resolve({ status: 'not-checked', source: 'none' }) };
}
