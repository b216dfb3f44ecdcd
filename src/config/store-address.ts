/** What to do about an address whose user or password holds signs that mean something in an address. */
export const UNESCAPED =
  'has a user or password with a sign that means something in an address: write / as %2F, ? as %3F, # as %23, @ as %40, : as %3A and % as %25 ' +
  '(node -p "encodeURIComponent(process.argv[1])" PASSWORD)';

/**
 * Whether the user or password of `scheme://user:password@host…` was written as it is. Read as an address it would name another host,
 * or none, and the message would be about that.
 */
export function hasUnescapedPassword(text: string): boolean {
  const [, rest] = /^[a-z]+:\/\/(.*)$/s.exec(text) ?? [];
  if (rest === undefined) return false;
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const behind = end < 0 ? '' : rest.slice(end);
  // An @ behind the host belongs to a password that was taken for a path; one before it, and a %, may not stand bare.
  if (behind.includes('@')) return true;
  const credentials = authority.slice(0, Math.max(0, authority.lastIndexOf('@')));
  return /@|%(?![0-9a-f]{2})|:.*:|\s/i.test(credentials);
}
