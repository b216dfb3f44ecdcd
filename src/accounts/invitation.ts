import { createHash, randomBytes } from 'node:crypto';
import { type Account, type Party } from './account.js';

/** How long an invitation can be taken, unless whoever invites says otherwise; and the longest they may say. */
export const INVITATION_LIFETIME_MS = 7 * 24 * 60 * 60_000;
export const INVITATION_MAX_LIFETIME_MS = 30 * 24 * 60 * 60_000;

/** A link that makes an invited person a member, once. Its token is in the link and nowhere else. */
export interface Invitation {
  readonly id: string;
  readonly organisationId: string;
  readonly membershipId: string;
  readonly createdAt: Date;
  readonly createdBy: Party;
  readonly expiresAt: Date;
  readonly takenAt: Date | null;
  readonly revokedAt: Date | null;
}

export type InvitationState = 'open' | 'taken' | 'revoked' | 'expired';

export function stateOf({ takenAt, revokedAt, expiresAt }: Invitation, now: Date): InvitationState {
  if (takenAt !== null) return 'taken';
  if (revokedAt !== null) return 'revoked';
  return now < expiresAt ? 'open' : 'expired';
}

/** An invitation for the eyes of its manager. */
export interface ListedInvitation {
  readonly invitation: Invitation;
  readonly account: Account;
}

/** 256 random bits, base64url. */
export function newInvitationToken(): string {
  return randomBytes(32).toString('base64url');
}

export function invitationTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The link somebody is sent. The token stands behind `#`, so no server, proxy or log on the way sees it. */
export function invitationLink(origin: string, token: string): string {
  return `${origin}/invitation#${token}`;
}
