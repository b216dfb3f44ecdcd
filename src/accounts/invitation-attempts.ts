/** Wrong IINs somebody named who holds the link of an invitation but shows no key. */
export interface InvitationAttempts {
  /** Counts one more and says how many there are now. */
  count(invitationId: string, now: Date): Promise<number>;
  /** Takes one back: it was right. */
  release(invitationId: string): Promise<void>;
}

/** After so many only an EDS takes the invitation: an IIN has few digits that cannot be guessed from a birthday. */
export const INVITATION_MAX_ATTEMPTS = 5;
