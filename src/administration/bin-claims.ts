/** Numbers that belong to an organisation and were registered by somebody else: asked for by its head, decided by an administrator. */
import { AccountError, type Organisation } from '../accounts/account.js';
import { type BinClaim } from '../accounts/bin-claim.js';
import { type Bin } from '../accounts/national-number.js';
import { type Act, type OrganisationAct } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { tenantUnit } from './authority.js';
import { type AdministrationStorage, type AdministrationStores } from './stores.js';

/** With what a claim was signed. */
export interface ClaimSignature {
  /** Names it among the evidence. */
  readonly evidence: string;
  readonly membershipId: string;
  readonly certificateSha256: string;
}

/**
 * Asks for a number that belongs to the organisation: a branch of it registered itself, or somebody else registered it as theirs. The
 * certificate that signed must be that of the head.
 *
 * @throws AccountError `BIN_CLAIM_HEAD_REQUIRED`, `BIN_CLAIM_STATUS` for a number that is theirs or asked for already
 */
export function claimBin(
  storage: AdministrationStorage,
  bin: Bin,
  { evidence, membershipId, certificateSha256 }: ClaimSignature,
  act: OrganisationAct,
): Promise<BinClaim> {
  return storage.atomically(async (stores) => {
    const { tenant, record } = tenantUnit(stores, act);
    const organisation = await tenant.organisation();
    const { templateRoles } = await tenant.certificates.get(membershipId, certificateSha256);
    if (organisation.kind !== 'legal-entity' || !templateRoles.includes('head')) {
      throw new AccountError('BIN_CLAIM_HEAD_REQUIRED', 'the head of a legal entity signs this');
    }
    if ((await stores.accounts.organisationByBin(bin))?.id === organisation.id) {
      throw new AccountError('BIN_CLAIM_STATUS', 'this number is theirs already');
    }
    const details = { organisationId: organisation.id, bin, evidence, madeBy: act.who };
    const claim = await stores.binClaims.make(details, act.at);
    await record('bin-claim.made', {
      subject: { kind: 'organisation', id: organisation.id },
      details: { claim: claim.id, evidence },
    });
    return claim;
  });
}

/**
 * Gives the number to who asks: an organisation founded with it is merged into theirs, a branch of another is taken over, a free one is
 * added.
 *
 * @throws AccountError `BIN_CLAIM_UNKNOWN`, `BIN_CLAIM_STATUS`, `ORGANISATION_NOT_MERGEABLE`
 */
export function grantBinClaim(storage: AdministrationStorage, claimId: string, act: Act): Promise<BinClaim> {
  return storage.atomically(async (stores) => {
    const claim = await stores.binClaims.decide(claimId, 'granted', act.who, act.at);
    const { organisationId, bin } = claim;
    const holder = await stores.accounts.organisationByBin(bin);
    if (holder?.bin === bin) await merge(stores, holder.id, organisationId, act);
    else {
      if (holder !== null) await release(stores, holder, bin, act);
      await stores.accounts.addBranch(organisationId, bin);
    }
    await recordDecision(stores, claim, 'bin-claim.granted', act);
    return claim;
  });
}

/** @throws AccountError `BIN_CLAIM_UNKNOWN`, `BIN_CLAIM_STATUS` */
export function refuseBinClaim(storage: AdministrationStorage, claimId: string, act: Act): Promise<BinClaim> {
  return storage.atomically(async (stores) => {
    const claim = await stores.binClaims.decide(claimId, 'refused', act.who, act.at);
    await recordDecision(stores, claim, 'bin-claim.refused', act);
    return claim;
  });
}

/**
 * Makes one organisation part of another: its numbers become branches, whoever belonged to it asks to belong to the whole, with no
 * roles, and it is closed for good. Its sessions end.
 *
 * @throws AccountError `ORGANISATION_UNKNOWN`, `ORGANISATION_NOT_MERGEABLE`
 */
export function mergeOrganisation(
  storage: AdministrationStorage,
  { from, into }: { readonly from: string; readonly into: string },
  act: Act,
): Promise<void> {
  return storage.atomically((stores) => merge(stores, from, into, act));
}

/**
 * Frees the number of a branch; who has a key of it belongs to nobody then.
 *
 * @throws AccountError `ORGANISATION_UNKNOWN`, `BRANCH_UNKNOWN`
 */
export function releaseBranch(
  storage: AdministrationStorage,
  organisationId: string,
  bin: Bin,
  act: Act,
): Promise<void> {
  return storage.atomically(async (stores) => {
    const organisation = await stores.accounts.organisationById(organisationId);
    if (organisation === null)
      throw new AccountError('ORGANISATION_UNKNOWN', 'there is no such organisation');
    await release(stores, organisation, bin, act);
  });
}

async function merge(
  { accounts, sessions, audit }: AdministrationStores,
  from: string,
  into: string,
  act: Act,
): Promise<void> {
  const { requests } = await accounts.mergeOrganisation({ from, into }, act.at);
  const sessionsEnded = await sessions.endAllOf({ organisationId: from });
  for (const organisationId of [from, into]) {
    await record(audit, act, 'organisation.merged', {
      subject: { kind: 'organisation', id: from },
      organisationId,
      details: { into, requests, sessionsEnded },
    });
  }
}

async function release(
  { accounts, audit }: AdministrationStores,
  { id }: Organisation,
  bin: Bin,
  act: Act,
): Promise<void> {
  if (!(await accounts.releaseBranch(id, bin))) {
    throw new AccountError('BRANCH_UNKNOWN', 'this is no branch of the organisation');
  }
  await record(audit, act, 'organisation.changed', {
    subject: { kind: 'organisation', id },
    organisationId: id,
    details: { branchesReleased: 1 },
  });
}

function recordDecision(
  { audit }: AdministrationStores,
  { id, organisationId }: BinClaim,
  type: 'bin-claim.granted' | 'bin-claim.refused',
  act: Act,
): Promise<void> {
  const subject = { kind: 'organisation', id: organisationId } as const;
  return record(audit, act, type, { subject, organisationId, details: { claim: id } });
}
