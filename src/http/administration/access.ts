/** What every operation of those who run the installation has in common. */
const COMMON = { tag: 'administration', access: 'member', limit: 'manage' } as const;

export const PLATFORM_READING = {
  ...COMMON,
  platform: ['administrator', 'security-officer', 'support'],
} as const;

/** Keeping people and organisations out, and letting them in. */
export const PLATFORM_ACTING = {
  ...COMMON,
  platform: ['administrator', 'security-officer'],
  stepUp: 'platform.change',
} as const;

/** Deciding who runs the installation. */
export const PLATFORM_RULING = { ...PLATFORM_ACTING, platform: ['administrator'] } as const;
