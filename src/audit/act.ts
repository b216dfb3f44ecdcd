/** Who does something, when, from where and how far they may go: made once where it comes in, and passed whole. */
import { type AuditParty } from './event.js';

/**
 * How far who acts may go: everything, or no further than these permissions in the organisation of the act. In an act of none they are
 * the roles held in running the installation.
 */
export type Authority = 'all' | readonly string[];

/** Something that is being done. */
export interface Act extends From {
  readonly who: AuditParty;
  readonly at: Date;
  /** In which it is done, and whose log tells it; `null` for what concerns none. */
  readonly organisationId: string | null;
  readonly authority: Authority;
}

/** From where, as far as a connection tells. */
export interface From {
  readonly requestId: string | null;
  readonly address: string | null;
  /** The browser's own description. */
  readonly device: string | null;
}

/** Something done inside one organisation. */
export interface OrganisationAct extends Act {
  readonly organisationId: string;
}

const NOWHERE: From = { requestId: null, address: null, device: null };
const GATEWAY: AuditParty = { kind: 'gateway', id: null };

/** What the gateway does by itself. */
export function gatewayAct(at: Date): Act {
  return { ...NOWHERE, who: GATEWAY, at, organisationId: null, authority: 'all' };
}

/** What the gateway does because of an act, in the course of it. */
export function byGateway(act: Act): Act {
  return { ...act, who: GATEWAY };
}

/** What an operator does at the shell. @param user of the operating system */
export function operatorAct(user: string | null, at: Date): Act {
  return { ...NOWHERE, who: { kind: 'operator', id: user }, at, organisationId: null, authority: 'all' };
}

/** What is done by who has not proved yet who they are. */
export function anonymousAct(from: From, at: Date): Act {
  return { ...from, who: { kind: 'anonymous', id: null }, at, organisationId: null, authority: [] };
}

/** The same act, now that it is known which member does it. @param authority nothing that concerns others, unless said otherwise */
export function byMember(
  act: Act,
  { membershipId, organisationId }: { readonly membershipId: string; readonly organisationId: string },
  authority: Authority = [],
): OrganisationAct {
  return { ...act, who: { kind: 'membership', id: membershipId }, organisationId, authority };
}

/** The same act, of a person who runs the installation, whatever organisation they signed in for. */
export function byPerson(act: Act, personId: string, authority: Authority = []): Act {
  return { ...act, who: { kind: 'person', id: personId }, organisationId: null, authority };
}

/** The same act, of a program that has shown its credentials. */
export function byClient(act: Act, { id }: { readonly id: string }): Act {
  return { ...act, who: { kind: 'client', id } };
}

/** The same act inside one organisation. */
export function inOrganisation(act: Act, organisationId: string): OrganisationAct {
  return { ...act, organisationId };
}
