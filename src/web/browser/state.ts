/**
 * What a page says when something goes wrong: by itself, before the gateway is reached or instead of an answer of it; everything else in
 * the gateway's own words. No DOM here: the server renders what the browser then shows, and both sides read this file.
 */
export const OWN_FAILURES = [
  // the computer and the browser
  'ncalayer-not-running',
  'ncalayer-on-phone',
  'permission-needed',
  'permission-denied',
  'ncalayer-outdated',
  'ncalayer-disconnected',
  'ncalayer-refused',
  'cancelled',
  // the way to the gateway
  'invitation-cut',
  'offline',
] as const;

export type OwnFailure = (typeof OWN_FAILURES)[number];

/** Codes the page gives where no problem document does: it stopped waiting, or something between it and the gateway answered. */
export const STAND_INS = ['CHALLENGE_EXPIRED', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'INTERNAL'] as const;

export type StandIn = (typeof STAND_INS)[number];

/** What an answer without a problem document comes to, by its status. */
export function standInFor(status: number): StandIn {
  if (status === 429) return 'RATE_LIMITED';
  return status === 502 || status === 503 || status === 504 ? 'SERVICE_UNAVAILABLE' : 'INTERNAL';
}

/** How a page tells a code: what the catalogue has beyond the title and detail that come with the answer. */
export interface Telling {
  readonly tone?: 'calm' | 'alarm';
  /** The link it offers, one of `[data-way]`. */
  readonly way?: string;
  /** Of a stand-in. */
  readonly title?: string;
  readonly detail?: string;
}

/** By code; a code that is not there is a warning with the words of the answer. */
export type Tellings = Readonly<Record<string, Telling>>;

/** How `code` is told; what no code of ours is named like is told as any other. */
export function tellingOf(tellings: Tellings, code: string): Telling {
  return (Object.hasOwn(tellings, code) ? tellings[code] : undefined) ?? {};
}
