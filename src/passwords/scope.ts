/**
 * Which passwords of a person are meant: every one; their own alone, which the person's EDS or an operator set; or the provisional one
 * of one membership, which whoever took its invitation set.
 */
export type PasswordScope = 'every' | 'own' | { readonly membershipId: string };

/**
 * What a password that is being set becomes: the provisional one of a membership, the person's own, or what stands there already: the
 * provisional ones where there is nothing else.
 */
export type PasswordReach =
  { readonly membershipId: string; readonly organisationId: string } | 'everywhere' | 'as-before';
