/** Passwords that stand in collections of what was stolen elsewhere (OWASP ASVS 5.0, 6.2.12). */
export interface BreachedPasswords {
  /**
   * Whether the password is known to guessers. A few in a million unknown ones are taken for known.
   *
   * @throws StoreFailure when the collection cannot be asked
   */
  includes(password: string): Promise<boolean>;
}
