/**
 * Since version 142 (WebSockets: 147) Chrome asks before a page may reach this computer's own addresses. The permission
 * was called `local-network-access` first, then split into `local-network` and `loopback-network`; NCALayer needs the latter.
 */
import { type OwnFailure } from './state.js';

const NAMES = ['loopback-network', 'local-network-access', 'local-network'] as const;

export type LoopbackPermission = 'granted' | 'prompt' | 'denied' | 'not-asked-for';

/** The part of `navigator.permissions` used here; browsers that do not know a name reject. */
export interface Permissions {
  query(descriptor: { readonly name: string }): Promise<{ readonly state: string }>;
}

/** What the browser would say to a connection to this computer now; `not-asked-for` where it has no such permission. */
export async function loopbackPermission(permissions: Permissions | undefined): Promise<LoopbackPermission> {
  if (permissions === undefined) return 'not-asked-for';
  for (const name of NAMES) {
    try {
      const { state } = await permissions.query({ name });
      if (state === 'granted' || state === 'prompt' || state === 'denied') return state;
    } catch {
      // Not a name of this browser: the next, older one may be.
    }
  }
  return 'not-asked-for';
}

/** How long an unanswered permission prompt must have held the connection to be told from a refused one. */
const HELD_MS = 3_000;

/**
 * Why a connection did not come about. A refused port and a dismissed prompt look the same to the page; only the
 * permission and the time it took tell them apart. A page on this computer's own address is not asked, so that an open
 * question means nothing there.
 */
export function explainUnreachable(seen: {
  readonly permission: LoopbackPermission;
  readonly tookMs: number;
  readonly pageOnLoopback: boolean;
  readonly onPhone: boolean;
}): OwnFailure {
  if (seen.onPhone) return 'ncalayer-on-phone';
  if (seen.permission === 'denied') return 'permission-denied';
  const asked = seen.permission === 'prompt' && !seen.pageOnLoopback;
  return asked && seen.tookMs >= HELD_MS ? 'permission-needed' : 'ncalayer-not-running';
}
