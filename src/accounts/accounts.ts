/** The directory of accounts over what is kept of them. */
import { bindCertificate, createCertificates } from './certificates.js';
import { type AccountDirectory, type Doorway } from './directory.js';
import { createInvitations, takeInvitation } from './invitations.js';
import { createMembers } from './members.js';
import { organisationOf } from './known.js';
import { changeSettings, createOrganisations } from './organisations.js';
import { createPeople } from './people.js';
import { createRoles } from './roles.js';
import { type AccountStore } from './store.js';
import { type TenantDirectory } from './tenant.js';

export function createAccounts(store: AccountStore): AccountDirectory {
  return {
    ...createOrganisations(store),
    ...createPeople(store),
    ...createDoorway(store),
    tenant: (organisationId) => createTenant(store, organisationId),
  };
}

function createDoorway(store: AccountStore): Doorway {
  return {
    accountsOf: (iin) => store.door.accountsOf(iin),
    accountById: (membershipId) => store.door.accountById(membershipId),
    belonging: (membershipId, certificateSha256) => store.door.belonging(membershipId, certificateSha256),
    claimsOf: (account) => store.door.claimsOf(account),
    bindCertificate: (account, certificate, now) =>
      store.together((unit) => bindCertificate(unit, account, certificate, now)),
    certificateOf: (membershipId, sha256) => store.door.certificateOf(membershipId, sha256),
    holderOfCertificate: (sha256) => store.door.holderOfCertificate(sha256),
    certificateBytesOf: (membershipId, sha256) => store.door.certificateBytesOf(membershipId, sha256),
    async invitationOf(token) {
      const invitation = await store.door.invitationByToken(token);
      if (invitation === null) return null;
      const organisation = await store.organisations.organisationById(invitation.organisationId);
      return organisation === null ? null : { invitation, organisation };
    },
    takeInvitation: (token, iin, now, taken) =>
      store.together((unit) =>
        takeInvitation(unit, { token, iin, provisional: taken === 'without-eds' }, now),
      ),
    confirmMembership: (membershipId, now) => store.door.confirmMembership(membershipId, now),
  };
}

function createTenant(store: AccountStore, organisationId: string): TenantDirectory {
  return {
    organisationId,
    async organisation() {
      await store.turns.ofOrganisation(organisationId);
      return organisationOf(store, organisationId);
    },
    changeSettings: (change) => store.together((unit) => changeSettings(unit, organisationId, change)),
    get members() {
      return createMembers(store, organisationId);
    },
    get roles() {
      return createRoles(store, organisationId);
    },
    get invitations() {
      return createInvitations(store, organisationId);
    },
    get certificates() {
      return createCertificates(store, organisationId);
    },
  };
}
