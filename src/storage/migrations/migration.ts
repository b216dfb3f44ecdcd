/**
 * SQL both databases understand, or what each of them needs instead. On SQLite foreign keys are not enforced while migrating, so
 * a table may be rebuilt (sqlite.org/lang_altertable.html §7); what is left must satisfy them before the migration is kept.
 */
export type MigrationStatement =
  string | { readonly sqlite: readonly string[]; readonly postgres: readonly string[] };

export interface Migration {
  /** The number in the file name. */
  readonly version: number;
  readonly name: string;
  readonly statements: readonly MigrationStatement[];
}
