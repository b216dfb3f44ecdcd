/** Somebody who did something, by identifier, as the audit log names them. */
export interface Party {
  readonly kind: string;
  readonly id: string | null;
}

/** Who decided, and when. */
export interface Decision {
  readonly by: Party;
  readonly at: Date;
}
