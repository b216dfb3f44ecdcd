/** What every operation inside the caller's own organisation has in common. */
const COMMON = { access: 'member', limit: 'manage' } as const;

export const MEMBERS_READING = { ...COMMON, permission: 'qaqpa:members.read' } as const;

/** Deciding who belongs to the organisation, and ending what they have open. */
export const MEMBERS_WRITING = {
  ...COMMON,
  permission: 'qaqpa:members.write',
  stepUp: 'members.change',
} as const;
