import { PLATFORM_DUTIES } from '../../administration/platform.js';

/** What every operation of those who run the installation has in common. */
const COMMON = { tag: 'administration', access: 'member', limit: 'manage' } as const;

export const PLATFORM_READING = {
  ...COMMON,
  platform: PLATFORM_DUTIES.read,
} as const;

/** Keeping people and organisations out, and letting them in. */
export const PLATFORM_ACTING = {
  ...COMMON,
  platform: PLATFORM_DUTIES.act,
  stepUp: 'platform.change',
} as const;

/** Deciding who runs the installation. */
export const PLATFORM_RULING = { ...PLATFORM_ACTING, platform: PLATFORM_DUTIES.rule } as const;
