/** Numbers that belong to an organisation and were registered by somebody else: asked for by its head, decided by an administrator. */
import { AccountError, type Organisation } from '../accounts/account.js';
import { type BinClaim } from '../accounts/bin-claim.js';
import { type Bin } from '../accounts/national-number.js';
import { type Authorised } from './authority.js';
import { type Platform, type PlatformUnit } from './platform.js';

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
  asking: Authorised<'qaqpa:settings.write'>,
  bin: Bin,
  { evidence, membershipId, certificateSha256 }: ClaimSignature,
): Promise<BinClaim> {
  return asking.atomically(async (unit) => {
    const organisation = await unit.tenant.organisation();
    const { templateRoles } = await unit.tenant.certificates.get(membershipId, certificateSha256);
    if (organisation.kind !== 'legal-entity' || !templateRoles.includes('head')) {
      throw new AccountError('BIN_CLAIM_HEAD_REQUIRED', 'the head of a legal entity signs this');
    }
    if ((await unit.holderOf(bin))?.id === organisation.id) {
      throw new AccountError('BIN_CLAIM_STATUS', 'this number is theirs already');
    }
    const claim = await unit.claim(bin, evidence);
    await unit.record('bin-claim.made', {
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
export function grantBinClaim(platform: Platform<'rule'>, claimId: string): Promise<BinClaim> {
  return platform.atomically(async (unit) => {
    const { accounts, binClaims } = unit.stores;
    const claim = await binClaims.decide(claimId, 'granted', unit.act.who, unit.act.at);
    const { organisationId, bin } = claim;
    const holder = await accounts.organisationByBin(bin);
    if (holder?.bin === bin) await merge(unit, holder.id, organisationId);
    else {
      if (holder !== null) await release(unit, holder, bin);
      await accounts.addBranch(organisationId, bin);
    }
    await recordDecision(unit, claim, 'bin-claim.granted');
    return claim;
  });
}

/** @throws AccountError `BIN_CLAIM_UNKNOWN`, `BIN_CLAIM_STATUS` */
export function refuseBinClaim(platform: Platform<'rule'>, claimId: string): Promise<BinClaim> {
  return platform.atomically(async (unit) => {
    const claim = await unit.stores.binClaims.decide(claimId, 'refused', unit.act.who, unit.act.at);
    await recordDecision(unit, claim, 'bin-claim.refused');
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
  platform: Platform<'rule'>,
  { from, into }: { readonly from: string; readonly into: string },
): Promise<void> {
  return platform.atomically((unit) => merge(unit, from, into));
}

/**
 * Frees the number of a branch; who has a key of it belongs to nobody then.
 *
 * @throws AccountError `ORGANISATION_UNKNOWN`, `BRANCH_UNKNOWN`
 */
export function releaseBranch(platform: Platform<'rule'>, organisationId: string, bin: Bin): Promise<void> {
  return platform.atomically(async (unit) => {
    const organisation = await unit.stores.accounts.organisationById(organisationId);
    if (organisation === null) {
      throw new AccountError('ORGANISATION_UNKNOWN', 'there is no such organisation');
    }
    await release(unit, organisation, bin);
  });
}

async function merge(unit: PlatformUnit, from: string, into: string): Promise<void> {
  const { accounts, sessions } = unit.stores;
  const { requests } = await accounts.mergeOrganisation({ from, into }, unit.act.at);
  const sessionsEnded = await sessions.endAllOf({ organisationId: from });
  for (const organisationId of [from, into]) {
    await unit.record('organisation.merged', {
      subject: { kind: 'organisation', id: from },
      organisationId,
      details: { into, requests, sessionsEnded },
    });
  }
}

async function release(
  { stores: { accounts }, record }: PlatformUnit,
  { id }: Organisation,
  bin: Bin,
): Promise<void> {
  if (!(await accounts.releaseBranch(id, bin))) {
    throw new AccountError('BRANCH_UNKNOWN', 'this is no branch of the organisation');
  }
  await record('organisation.changed', {
    subject: { kind: 'organisation', id },
    organisationId: id,
    details: { branchesReleased: 1 },
  });
}

function recordDecision(
  { record }: PlatformUnit,
  { id, organisationId }: BinClaim,
  type: 'bin-claim.granted' | 'bin-claim.refused',
): Promise<void> {
  const subject = { kind: 'organisation', id: organisationId } as const;
  return record(type, { subject, organisationId, details: { claim: id } });
}
