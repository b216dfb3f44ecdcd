/** What a person may do for the whole installation, whatever organisations they belong to. `support` only reads. */
export const PLATFORM_ROLES = ['administrator', 'security-officer', 'support'] as const;

export type PlatformRole = (typeof PLATFORM_ROLES)[number];
