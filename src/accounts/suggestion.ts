import { type CertificateBinding } from './certificate-binding.js';
import { MANAGER, type RoleDefinition } from './role.js';

/** What a certificate says about its holder's place in the organisation, and the role that would go with it. */
export interface RoleSuggestion {
  /** The name of the template OID: `head`, `signing-right`, `finance`, `hr`, `employee`. */
  readonly template: string;
  /** A role of the organisation, or `null` where it has none of that name. */
  readonly role: string | null;
}

/** Templates of НУЦ РК (root.gov.kz/oid, 1.2.398.3.3.4.1.2.1 … 5) in the order of their weight, and the role each is evidence for. */
const SUGGESTED: readonly (readonly [template: string, role: string])[] = [
  ['head', MANAGER],
  ['signing-right', 'signing-right'],
  ['finance', 'finance'],
  ['hr', 'hr'],
  ['employee', 'employee'],
];

/**
 * Evidence for the manager, from certificates that were verified. It gives nobody anything: a role is what somebody decides, and a
 * certificate tells of the day it was issued. A revoked certificate is no evidence.
 */
export function suggestRoles(
  bindings: readonly Pick<CertificateBinding, 'templateRoles' | 'status'>[],
  definitions: readonly RoleDefinition[],
): readonly RoleSuggestion[] {
  const seen = bindings
    .filter(({ status }) => status !== 'revoked')
    .flatMap(({ templateRoles }) => templateRoles);
  return SUGGESTED.filter(([template]) => seen.includes(template)).map(([template, role]) => ({
    template,
    role: definitions.some(({ name }) => name === role) ? role : null,
  }));
}
