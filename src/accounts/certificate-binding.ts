import { type Decision } from './party.js';

/** `pending`: seen, kept out until a manager approves it. `revoked`: a manager does not want it any more. */
export type BindingStatus = 'active' | 'pending' | 'revoked';

/** A certificate somebody came with, at one organisation. */
export interface CertificateBinding {
  readonly membershipId: string;
  /** Lower-case hex; names the binding within its membership. */
  readonly certificateSha256: string;
  readonly issuerSha256: string | null;
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly notAfter: Date;
  readonly status: BindingStatus;
  /** Names of the template OIDs seen in it (`head`, `hr`, …): evidence for the manager, never a right by itself. */
  readonly templateRoles: readonly string[];
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** The manager's last word on it; `null` while nobody has looked. */
  readonly decision: Decision | null;
}

/** A verified certificate as it is bound. */
export interface SeenCertificate {
  readonly sha256: string;
  readonly serialNumber: string;
  readonly notAfter: Date;
  readonly issuerSha256?: string | null;
  readonly templateRoles?: readonly string[];
  /** The whole certificate, kept sealed under its holder's key: the revocation watch asks about it later. */
  readonly der?: Uint8Array | null;
}

const DAY_MS = 24 * 60 * 60_000;
/** How many days before its end somebody is told to renew their certificate. */
const EXPIRY_WARNING_DAYS = 30;

/** What a session tells about the certificate it was opened with. */
export interface CertificateNotice {
  readonly notAfter: Date;
  /** Whole days until then; 0 on the last day and after it. */
  readonly daysLeft: number;
  /** Less than thirty days are left. */
  readonly expiresSoon: boolean;
}

export function certificateNotice({ notAfter }: { readonly notAfter: Date }, now: Date): CertificateNotice {
  const daysLeft = Math.max(0, Math.floor((notAfter.getTime() - now.getTime()) / DAY_MS));
  return { notAfter, daysLeft, expiresSoon: daysLeft < EXPIRY_WARNING_DAYS };
}
