/** Where somebody who registers belongs: decided by their verified certificate, by an invitation, and by nothing they typed. */
import { type Account, AccountError, type Organisation, type Person } from '../accounts/account.js';
import { type Invitation, type InvitationState, stateOf } from '../accounts/invitation.js';
import { type Iin } from '../accounts/national-number.js';
import { certifiedName } from '../accounts/naming.js';
import { MANAGER } from '../accounts/role.js';
import { usedCertificate } from '../sign-in/admission.js';
import { type Proof } from '../sign-in/proof.js';
import { type RefusalCode } from '../sign-in/refusal.js';
import { type SignInStores } from '../sign-in/stores.js';

/** Who may register without an invitation: a head for their organisation, an employee for themselves, people on their own. */
export type RegistrationKind = 'legal-entity' | 'employee' | 'sole-proprietor' | 'individual';

/** What registration without an invitation is held to. */
export interface RegistrationBounds {
  /** Who may; empty: nobody. */
  readonly kinds: readonly RegistrationKind[];
  /** How often one person in any twenty-four hours. */
  readonly perDay: number;
}

const DAY_MS = 24 * 60 * 60_000;

/** Somebody proved, and what they ask for. */
export interface Applicant {
  readonly proof: Proof;
  /** Token of an invitation. */
  readonly invitation: string | null;
  /** Said of a personal key, which cannot say it itself: its holder practises alone. */
  readonly practice: 'sole-proprietor' | 'individual' | null;
}

export type Enrolment =
  /** A member from now on: of an organisation that is new here, of one that had nobody to manage it, or as invited. */
  | { readonly outcome: 'member'; readonly as: 'founder' | 'head' | 'invited'; readonly account: Account }
  /** A manager has to decide. */
  | { readonly outcome: 'requested'; readonly account: Account }
  | { readonly outcome: 'refused'; readonly code: RefusalCode; readonly account: Account | null };

type Enroller = (stores: SignInStores, applicant: Applicant, now: Date) => Promise<Enrolment>;

function refused(code: RefusalCode, account: Account | null = null): Enrolment {
  return { outcome: 'refused', code, account };
}

/**
 * Finds the place of an applicant and gives it to them. Runs inside a unit of work, so that of two heads who register one
 * organisation at once the second finds it there, and an invitation is taken once. A refusal has changed nothing.
 *
 * @param kinds who may register without an invitation, and how often one person in twenty-four hours
 */
export async function enrol(
  stores: SignInStores,
  applicant: Applicant,
  { kinds, perDay }: RegistrationBounds,
  now: Date,
): Promise<Enrolment> {
  const { proof, invitation, practice } = applicant;
  const known = await stores.accounts.personByIin(proof.iin);
  if (known !== null && known.status !== 'active') return refused('ACCOUNT_BLOCKED');
  if (invitation !== null) return enrolInvited(stores, applicant, now);
  // Whoever thinks of their own practice and picks the key of a company must not register the company.
  if (proof.bin !== null && practice !== null) return refused('REGISTRATION_KIND_MISMATCH');
  if ((await registrationsOf(stores, proof.iin, now)) >= perDay) return refused('REGISTRATION_LIMIT');
  const [kind, enroller] = await wayOf(stores, applicant);
  if (kind === null) return refused('REGISTRATION_KIND_REQUIRED');
  return kinds.includes(kind) ? enroller(stores, applicant, now) : refused('REGISTRATION_CLOSED');
}

/** How often somebody came by themselves in the last twenty-four hours, whatever became of it. */
async function registrationsOf({ accounts }: SignInStores, iin: Iin, now: Date): Promise<number> {
  const since = now.getTime() - DAY_MS;
  const all = await accounts.accountsOf(iin);
  return all.filter(({ membership }) => membership.invitedBy === null && membership.since.getTime() > since)
    .length;
}

async function wayOf(
  { accounts }: SignInStores,
  { proof: { iin, bin, roles }, practice }: Applicant,
): Promise<readonly [RegistrationKind | null, Enroller]> {
  if (bin === null) return [practice, enrolPractice];
  const organisation = await accounts.organisationByBin(bin);
  if (organisation === null) return ['legal-entity', enrolOrganisation];
  const tenant = accounts.tenant(organisation.id);
  // A branch has a head of its own, who is not the head of the whole; and who was removed does not come back by themselves.
  const leads = roles.includes('head') && organisation.bin === bin;
  const newHere = (await tenant.members.ofIin(iin)) === null;
  const managers = await tenant.members.list({ status: 'active', role: MANAGER, limit: 1 });
  if (leads && newHere && organisation.status === 'active' && managers.items.length === 0) {
    return [
      'legal-entity',
      (stores, { proof }, now) => makeManager(stores, organisation, proof, 'head', now),
    ];
  }
  return ['employee', (stores, { proof }, now) => request(stores, organisation, proof, now)];
}

/** An organisation nobody registered yet, by its head. */
async function enrolOrganisation(stores: SignInStores, { proof }: Applicant, now: Date): Promise<Enrolment> {
  const { bin, organisationName, roles } = proof;
  if (!roles.includes('head')) return refused('REGISTRATION_HEAD_REQUIRED');
  const name = certifiedName(organisationName ?? '');
  if (bin === null || name === null) return refused('REGISTRATION_NAME_UNUSABLE');
  const organisation = await stores.accounts.addOrganisation({ kind: 'legal-entity', name, bin }, now);
  return makeManager(stores, organisation, proof, 'founder', now);
}

/** The practice of somebody who works alone: the person is the organisation. */
async function enrolPractice(
  stores: SignInStores,
  { proof, practice }: Applicant,
  now: Date,
): Promise<Enrolment> {
  if (practice === null) return refused('REGISTRATION_KIND_REQUIRED');
  const existing = await stores.accounts.organisationByOwner(proof.iin);
  if (existing !== null) {
    const account = await stores.accounts.tenant(existing.id).members.ofIin(proof.iin);
    return refused(
      existing.status === 'active' ? 'REGISTRATION_ALREADY_MEMBER' : 'ACCOUNT_SUSPENDED',
      account,
    );
  }
  const person = await personOf(stores, proof, now);
  const details = { kind: practice, name: person.name, ownerId: person.id };
  return makeManager(stores, await stores.accounts.addOrganisation(details, now), proof, 'founder', now);
}

async function makeManager(
  stores: SignInStores,
  { id }: Organisation,
  proof: Proof,
  as: 'founder' | 'head',
  now: Date,
): Promise<Enrolment> {
  const person = await personOf(stores, proof, now);
  const { members } = stores.accounts.tenant(id);
  const details = { personId: person.id, status: 'active', roles: [MANAGER], by: null } as const;
  const membership = await members.add(details, now);
  return { outcome: 'member', as, account: await members.get(membership.id) };
}

/** Somebody of an organisation that is here: its manager decides, with the roles in the certificate as a suggestion. */
async function request(
  stores: SignInStores,
  organisation: Organisation,
  proof: Proof,
  now: Date,
): Promise<Enrolment> {
  if (organisation.status !== 'active') return refused('ACCOUNT_SUSPENDED');
  const { members } = stores.accounts.tenant(organisation.id);
  const present = await members.ofIin(proof.iin);
  if (present !== null && present.membership.status !== 'removed') {
    return refused(PRESENT[present.membership.status], present);
  }
  const person = await personOf(stores, proof, now);
  const membership = await members.add(
    { personId: person.id, status: 'requested', roles: [], by: null },
    now,
  );
  const account = await members.get(membership.id);
  await stores.accounts.bindCertificate(account, usedCertificate(proof), now);
  return { outcome: 'requested', account };
}

const PRESENT = {
  active: 'REGISTRATION_ALREADY_MEMBER',
  suspended: 'ACCOUNT_BLOCKED',
  requested: 'ACCOUNT_REQUESTED',
  invited: 'ACCOUNT_INVITED',
} as const satisfies Record<string, RefusalCode>;

async function enrolInvited(
  stores: SignInStores,
  { proof, invitation }: Applicant,
  now: Date,
): Promise<Enrolment> {
  const token = invitation ?? '';
  const obstacle = invitationObstacle(await stores.accounts.invitationOf(token), now);
  if (obstacle !== null) return refused(obstacle);
  const found = await stores.accounts.invitationOf(token);
  if (found === null) return refused('INVITATION_UNKNOWN');
  const { organisation } = found;
  if (organisation.status !== 'active') return refused('ACCOUNT_SUSPENDED');
  const { bin } = proof;
  // With the key of another organisation nobody could sign in to this one afterwards.
  if (bin !== null && organisation.bin !== bin && !organisation.branchBins.includes(bin)) {
    return refused('REGISTRATION_OTHER_ORGANISATION');
  }
  if (bin === null && !organisation.settings.allowPersonalKeys) return refused('ACCOUNT_PERSONAL_KEY');
  try {
    const account = await stores.accounts.takeInvitation(token, proof.iin, now);
    await stores.accounts.confirmName(
      account.person.id,
      certifiedName(proof.name) ?? account.person.name,
      now,
    );
    return { outcome: 'member', as: 'invited', account };
  } catch (error) {
    if (error instanceof AccountError && error.code in INVITATION_REFUSALS) {
      return refused(INVITATION_REFUSALS[error.code as keyof typeof INVITATION_REFUSALS]);
    }
    throw error;
  }
}

const STATES: Readonly<Record<Exclude<InvitationState, 'open'>, RefusalCode>> = {
  taken: 'INVITATION_USED',
  revoked: 'INVITATION_REVOKED',
  expired: 'INVITATION_EXPIRED',
};

const INVITATION_REFUSALS = {
  INVITATION_UNKNOWN: 'INVITATION_UNKNOWN',
  INVITATION_USED: 'INVITATION_USED',
  INVITATION_REVOKED: 'INVITATION_REVOKED',
  INVITATION_EXPIRED: 'INVITATION_EXPIRED',
  INVITATION_OTHER_PERSON: 'INVITATION_OTHER_PERSON',
} as const satisfies Record<string, RefusalCode>;

/** What keeps an invitation from being taken by whoever holds its token; `null` when nothing does. */
export function invitationObstacle(
  found: { readonly invitation: Invitation } | null,
  now: Date,
): RefusalCode | null {
  if (found === null) return 'INVITATION_UNKNOWN';
  const state = stateOf(found.invitation, now);
  return state === 'open' ? null : STATES[state];
}

/** The person of the certificate, under the name it gives. */
async function personOf({ accounts }: SignInStores, proof: Proof, now: Date): Promise<Person> {
  const name = certifiedName(proof.name) ?? '';
  const person = await accounts.addPerson({ iin: proof.iin, name }, now);
  if (name !== '' && person.name !== name) await accounts.confirmName(person.id, name, now);
  return { ...person, name: name === '' ? person.name : name };
}
