/** Registration with an EDS: the signature accepts the terms, the certificate says who it is, and that decides where they belong. */
import { AccountError } from '../accounts/account-error.js';
import { type Account } from '../accounts/account.js';
import { type Contacts, readContacts } from '../accounts/contacts.js';
import { type Act, byMember } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { issueChallenge, type IssuedChallenge } from '../challenge/challenge.js';
import { type TermsLanguage } from '../personal-data/manifest.js';
import { type Terms, termsSubject } from '../personal-data/terms.js';
import { admit, type Admission, usedCertificate } from '../sign-in/admission.js';
import {
  type Applicant,
  enrol,
  type Enrolment,
  invitationObstacle,
  type RegistrationBounds,
} from './enrolment.js';
import { type Proof, type ProofParts, proveChallenge } from '../sign-in/proof.js';
import { endProvisional } from '../sign-in/provisional-end.js';
import { type Refusal } from '../sign-in/refusal.js';
import { invitedOf, memberOf, UNCLAIMED, recordRefusedRegistration } from './registration-refusal.js';
import { type SignInStorage, type SignInStores } from '../sign-in/stores.js';
import { orUnavailable } from '../sign-in/unit.js';
import { asOf, type Visitor } from '../sign-in/visitor.js';

export interface RegistrationParts extends ProofParts, RegistrationBounds {
  readonly storage: SignInStorage;
  readonly terms: Terms;
  readonly challengeLifetimeMs: number;
}

export interface RegistrationAttempt extends Omit<Applicant, 'proof'> {
  readonly challengeId: string;
  readonly signature: string;
  /** The person's own word about how to reach them; what is left out stays as it is, `null` removes it. */
  readonly contacts: Partial<Contacts>;
}

/** What somebody is shown before they sign. */
export interface RegistrationOffer {
  readonly outcome: 'offered';
  readonly challenge: IssuedChallenge;
  readonly termsVersion: string;
  /** The organisation that invites, where an invitation was given. */
  readonly organisation: string | null;
}

export type RegistrationOutcome =
  | (Admission & { readonly as: 'founder' | 'head' | 'invited' })
  | { readonly outcome: 'requested'; readonly account: Account }
  | Refusal;

export interface Registration {
  /** @throws LoginUnavailable */
  begin(
    request: { readonly invitation: string | null; readonly language: TermsLanguage },
    visitor: Visitor,
  ): Promise<RegistrationOffer | Refusal>;
  /**
   * Judges the signed terms and registers. The challenge is used up whatever comes out; place, acceptance, session and audit records
   * are kept together or not at all.
   *
   * @throws LoginUnavailable when a store or the audit log fails: nobody is registered
   */
  complete(attempt: RegistrationAttempt, visitor: Visitor): Promise<RegistrationOutcome>;
}

export function createRegistration(parts: RegistrationParts): Registration {
  const { storage, terms, clock, origin, kinds, perDay } = parts;

  return {
    begin: ({ invitation, language }, visitor) =>
      orUnavailable(async () => {
        const { act } = visitor;
        const now = act.at;
        const found = invitation === null ? null : await storage.accounts.invitationOf(invitation);
        const obstacle = invitation === null ? null : invitationObstacle(found, now);
        if (obstacle !== null) {
          return recordRefusedRegistration(storage, act, obstacle, { member: found && invitedOf(found) });
        }
        if (invitation === null && kinds.length === 0) {
          return recordRefusedRegistration(storage, act, 'REGISTRATION_CLOSED');
        }
        const version = terms.at(now);
        const challenge = await issueChallenge(storage.challenges, {
          origin,
          purpose: 'registration',
          subject: termsSubject(version, language),
          holder: { kind: 'address', name: visitor.subscriber, networks: visitor.networks },
          now,
          lifetimeMs: parts.challengeLifetimeMs,
          browserToken: visitor.browserToken,
        });
        return {
          outcome: 'offered',
          challenge,
          termsVersion: version.version,
          organisation: found?.organisation.name ?? null,
        };
      }),

    async complete(attempt, visitor) {
      const { challengeId, signature } = attempt;
      // Before the challenge is used up: a slip of the keyboard must not cost a signature.
      const contacts = readOwnContacts(attempt.contacts);
      if (contacts === 'malformed') {
        return orUnavailable(() => recordRefusedRegistration(storage, visitor.act, 'CONTACT_MALFORMED'));
      }
      const proof = await proveChallenge(parts, { challengeId, signature, purpose: 'registration' }, visitor);
      return orUnavailable(async () => {
        const { details } = proof;
        const present = asOf(visitor, clock());
        const { act } = present;
        if (proof.outcome === 'refused') {
          return recordRefusedRegistration(storage, act, proof.code, { details, claimed: proof.claimed });
        }
        return storage.atomically(async (stores) => {
          const { invitation, practice } = attempt;
          const enrolment = await enrol(stores, { proof, invitation, practice }, { kinds, perDay }, act.at);
          if (enrolment.outcome === 'refused') {
            const member = enrolment.account && memberOf(enrolment.account);
            const claimed = { ...UNCLAIMED, iin: proof.iin };
            return recordRefusedRegistration(stores, act, enrolment.code, { details, claimed, member });
          }
          await keep(stores, { proof, enrolment, contacts, act });
          if (enrolment.outcome === 'requested') {
            await endProvisional(stores, enrolment.account, byMember(act, memberOf(enrolment.account)));
            return enrolment;
          }
          const { iin, bin } = proof;
          const certificate = usedCertificate(proof);
          const organisationId = enrolment.account.organisation.id;
          const claimant = { iin, bin, method: 'eds', organisationId } as const;
          const admission = await admit(stores, { claimant, certificate, visitor: present, details });
          return admission.outcome === 'admitted' ? { ...admission, as: enrolment.as } : admission;
        });
      });
    },
  };
}

/** What a registration leaves behind besides the place itself: the signed terms, contacts, and who did what. */
async function keep(
  stores: SignInStores,
  registered: {
    readonly proof: Proof;
    readonly enrolment: Exclude<Enrolment, { outcome: 'refused' }>;
    readonly contacts: Partial<Contacts>;
    readonly act: Act;
  },
): Promise<void> {
  const { proof, enrolment, contacts } = registered;
  const { person, organisation, membership } = enrolment.account;
  const themselves = { kind: 'person', id: person.id } as const;
  const act = { ...registered.act, who: themselves, organisationId: organisation.id };
  const { audit } = stores;
  const subject = { kind: 'membership', id: membership.id } as const;
  const as = enrolment.outcome === 'requested' ? 'requested' : enrolment.as;
  if (as === 'founder') {
    await record(audit, act, 'organisation.added', {
      subject: { kind: 'organisation', id: organisation.id },
      details: { kind: organisation.kind },
    });
  }
  if (as === 'invited') await record(audit, act, 'invitation.taken', { subject });
  else if (as === 'requested') {
    const details = { templateRoles: proof.roles.join(' ') };
    await record(audit, act, 'membership.requested', { subject, details });
  } else {
    await record(audit, act, 'membership.added', { subject, details: { roles: membership.roles.join(' ') } });
  }
  const acceptance = await stores.terms.accept(person.id, proof, act.at);
  const { id, version, language, certificateSha256 } = acceptance;
  await record(audit, act, 'terms.accepted', {
    subject: themselves,
    details: { acceptance: id, version, language, certificateSha256 },
  });
  if (Object.keys(contacts).length > 0) {
    const known = await stores.accounts.contactsOf(person.id);
    await stores.accounts.setContacts(person.id, { ...known, ...contacts });
  }
  await record(audit, act, 'registration.succeeded', { subject, details: { ...proof.details, as } });
}

function readOwnContacts(contacts: Partial<Contacts>): Partial<Contacts> | 'malformed' {
  try {
    const { email, phone } = readContacts({ email: null, phone: null, ...contacts });
    return { ...('email' in contacts ? { email } : {}), ...('phone' in contacts ? { phone } : {}) };
  } catch (error) {
    if (error instanceof AccountError && error.code === 'CONTACT_MALFORMED') return 'malformed';
    throw error;
  }
}
