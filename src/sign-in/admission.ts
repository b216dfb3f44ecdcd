import { type Account, type OrganisationSettings } from '../accounts/account.js';
import { type Claimant, findMembership, type RefusedAccountReason } from '../accounts/membership-finding.js';
import {
  certificateNotice,
  type CertificateNotice,
  type SeenCertificate,
} from '../accounts/certificate-binding.js';
import { certifiedName } from '../accounts/naming.js';
import { type Iin } from '../accounts/national-number.js';
import { type EndedAccess } from '../accounts/provisional.js';
import { type Claims } from '../accounts/role.js';
import { type Act, byMember } from '../audit/act.js';
import { type SignInFacts } from '../audit/event.js';
import { record } from '../audit/recorder.js';
import { type Session, type SessionLimits } from '../sessions/session.js';
import { obligationsOf } from './obligation.js';
import { endProvisional } from './provisional-end.js';
import { type ClaimedIdentity, type Proof } from './proof.js';
import { type Refusal, type RefusalCode } from './refusal.js';
import { type SignInStores } from './stores.js';
import { type Visitor } from './visitor.js';

/** Somebody was let in: the token goes into the cookie and nowhere else. */
export interface Admission {
  readonly outcome: 'admitted';
  readonly token: string;
  readonly session: Session;
  readonly account: Account;
  readonly claims: Claims;
  /** `null` with a password. */
  readonly certificate: CertificateNotice | null;
  /** What had been set up in the person's name without an EDS, and ended with this sign-in. */
  readonly ended: readonly EndedAccess[];
}

/** The certificate that answered the challenge, and the name it gives its holder. */
export interface UsedCertificate extends SeenCertificate {
  readonly holderName: string;
}

/** What a proof says about its certificate, as `admit` takes it. */
export function usedCertificate({
  certificate,
  name,
  roles,
}: Pick<Proof, 'certificate' | 'name' | 'roles'>): UsedCertificate {
  return { ...certificate, holderName: name, templateRoles: roles };
}

export interface AdmissionRequest {
  readonly claimant: Claimant;
  /** `null` with a password. */
  readonly certificate: UsedCertificate | null;
  /** The password is known to guessers. */
  readonly passwordBreached?: boolean;
  /** Their act is of the moment that decides. */
  readonly visitor: Visitor;
  /** Short facts for the audit record. */
  readonly details: SignInFacts;
}

const REASON_CODES: Readonly<Record<RefusedAccountReason, RefusalCode>> = {
  'password-confined': 'ACCOUNT_NONE',
  'membership-removed': 'ACCOUNT_NONE',
  'organisation-suspended': 'ACCOUNT_SUSPENDED',
  'person-suspended': 'ACCOUNT_BLOCKED',
  'membership-suspended': 'ACCOUNT_BLOCKED',
  'membership-invited': 'ACCOUNT_INVITED',
  'membership-requested': 'ACCOUNT_REQUESTED',
  'personal-key-not-allowed': 'ACCOUNT_PERSONAL_KEY',
  'password-not-allowed': 'ACCOUNT_PASSWORD_NOT_ALLOWED',
};

/**
 * From a proved identity to a session, or a reason why not. Runs inside one unit of work, so that the membership that was read is
 * the membership the session is for, and no session exists without its audit record.
 */
export async function admit(stores: SignInStores, request: AdmissionRequest): Promise<Admission | Refusal> {
  const { claimant, certificate, visitor, details } = request;
  const { method } = claimant;
  const { at: now, device, address } = visitor.act;
  const finding = await findMembership(stores.accounts, claimant);
  if (finding.outcome !== 'found') {
    const account = finding.outcome === 'refused' ? finding.account : null;
    const code = codeOf(finding);
    const reason = finding.outcome === 'choice-required' ? null : finding.reason;
    const personId =
      account === null ? await personIdOf(stores, { iin: claimant.iin, certificateSha256: null }) : null;
    await recordRefusal(stores, visitor.act, { method, code, account, personId, reason, details });
    return finding.outcome === 'choice-required'
      ? {
          outcome: 'refused',
          code,
          choices: finding.choices.map(({ organisation: { id, name } }) => ({ id, name })),
        }
      : { outcome: 'refused', code };
  }

  const { account } = finding;
  const { membership, person, organisation } = account;
  const provisional = claimant.confinedTo != null;
  const act = byMember(visitor.act, { membershipId: membership.id, organisationId: organisation.id });
  const itself = { kind: 'membership', id: membership.id } as const;
  const themselves = { kind: 'person', id: person.id } as const;

  let { name } = person;
  if (certificate !== null) {
    const { firstSeen, status } = await stores.accounts.bindCertificate(account, certificate, now);
    if (firstSeen) await record(stores.audit, act, 'certificate.first-seen', { subject: itself, details });
    if (!person.nameConfirmed || certifiedName(certificate.holderName) !== name) {
      const confirmed = await stores.accounts.confirmName(person.id, certificate.holderName, now);
      if (confirmed.changed) {
        await record(stores.audit, act, 'person.name-changed', { subject: themselves, details });
      }
      ({ name } = confirmed);
    }
    if (status !== 'active') {
      const code = status === 'pending' ? 'ACCOUNT_CERTIFICATE_PENDING' : 'ACCOUNT_CERTIFICATE_REVOKED';
      await recordRefusal(stores, visitor.act, { method, code, account, details });
      return { outcome: 'refused', code };
    }
  }
  const ended = certificate === null ? [] : await endProvisional(stores, account, act);
  if (certificate !== null && membership.confirmedAt === null) {
    await stores.accounts.confirmMembership(membership.id, now);
    if (membership.provisional) {
      await record(stores.audit, act, 'membership.confirmed', { subject: itself, details });
    }
  }
  const lifted = await forgetFailures(stores, claimant.iin, provisional ? [membership.id] : null);
  if (lifted) await record(stores.audit, act, 'password.unblocked', { subject: themselves, details });
  // A session fixed or left behind in this browser never outlives a new sign-in.
  if (visitor.sessionToken !== null && (await stores.sessions.end(visitor.sessionToken))) {
    const reason = 'SIGNED_IN_AGAIN';
    await record(stores.audit, act, 'session.ended', { subject: null, reason, details });
  }
  const entry = provisional ? 'provisional' : method;
  const { passwordBreached = false } = request;
  const obligations = await obligationsOf(stores, account, { entry, passwordBreached }, now);
  const {
    token,
    session,
    ended: crowded,
  } = await stores.sessions.create(
    {
      personId: person.id,
      organisationId: organisation.id,
      membershipId: membership.id,
      method,
      certificateSha256: certificate?.sha256 ?? null,
      certificateNotAfter: certificate?.notAfter ?? null,
      obligations,
      provisional,
      limits: limitsOf(organisation.settings),
      device,
      address,
    },
    now,
  );
  for (const { id } of crowded) {
    const told = { subject: { kind: 'session', id }, reason: 'TOO_MANY_SESSIONS', details } as const;
    await record(stores.audit, act, 'session.ended', told);
  }
  await record(stores.audit, act, `login.${method}.succeeded`, {
    subject: { kind: 'session', id: session.id },
    details,
  });
  return {
    outcome: 'admitted',
    token,
    session,
    account: {
      ...account,
      person: { ...person, name },
      membership: certificate === null ? membership : { ...membership, provisional: false },
    },
    claims: await stores.accounts.claimsOf(account),
    certificate: certificate && certificateNotice(certificate, now),
    ended,
  };
}

/**
 * After a right password or an EDS. A provisional password clears what was counted on itself alone: who planted one would otherwise
 * have four tries at the person's own after each use of theirs.
 *
 * @param memberships of the provisional passwords; `null` for the person's own, and for an EDS
 * @returns whether the password path had been closed and is open again
 */
export async function forgetFailures(
  { passwords }: Pick<SignInStores, 'passwords'>,
  iin: Iin,
  memberships: readonly string[] | null,
): Promise<boolean> {
  for (const membershipId of memberships ?? []) await passwords.clearFailures(iin, { membershipId });
  return memberships === null && (await passwords.clearFailures(iin, 'own')).lifted;
}

function limitsOf({ session }: OrganisationSettings): SessionLimits | null {
  return session && { ...session, maxConcurrent: session.maxConcurrent ?? Number.MAX_SAFE_INTEGER };
}

/** The person who is known here by an IIN or a certificate, for the log; `null` for an unknown person. */
export async function personIdOf(
  { accounts }: Pick<SignInStores, 'accounts'>,
  { iin, certificateSha256 }: ClaimedIdentity,
): Promise<string | null> {
  const person = iin === null ? null : await accounts.personByIin(iin);
  if (person !== null) return person.id;
  return certificateSha256 === null ? null : accounts.holderOfCertificate(certificateSha256);
}

/** Writes down an attempt that was refused. `account` is known only when identity was proved, `personId` also when it was claimed. */
export async function recordRefusal(
  { audit }: Pick<SignInStores, 'audit'>,
  act: Act,
  attempt: {
    readonly method: 'eds' | 'password';
    readonly code: RefusalCode;
    readonly account?: Account | null;
    /** What the directory said, finer than the code. */
    readonly reason?: string | null;
    readonly personId?: string | null;
    readonly details: SignInFacts;
  },
): Promise<void> {
  const { method, code, account = null, reason: obstacle = null, personId = null, details } = attempt;
  const known = account === null ? null : ({ kind: 'membership', id: account.membership.id } as const);
  const claimed = personId === null ? null : ({ kind: 'person', id: personId } as const);
  await record(audit, act, `login.${method}.refused`, {
    subject: known ?? claimed,
    organisationId: account?.organisation.id ?? null,
    reason: code,
    details: obstacle === null ? details : { ...details, obstacle },
  });
}

/** What a person is told when the directory has no account to let them into. */
export function codeOf(
  finding: Exclude<Awaited<ReturnType<typeof findMembership>>, { outcome: 'found' }>,
): RefusalCode {
  if (finding.outcome === 'choice-required') return 'ACCOUNT_CHOICE_REQUIRED';
  return finding.outcome === 'none' ? 'ACCOUNT_NONE' : REASON_CODES[finding.reason];
}
