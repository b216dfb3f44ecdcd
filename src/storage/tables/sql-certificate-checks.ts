import { type Kysely } from 'kysely';
import { type CertificateCheck, type CertificateChecks } from '../../sessions/certificate-checks.js';
import { type Schema } from './schema.js';
import { inTransaction } from '../engines/transaction.js';

/** Checks of certificates in the database. */
export function createSqlCertificateChecks(database: Kysely<Schema>): CertificateChecks {
  return {
    async of(certificates) {
      if (certificates.length === 0) return new Map<string, CertificateCheck>();
      const rows = await database
        .selectFrom('revocation_checks')
        .selectAll()
        .where('certificate_sha256', 'in', certificates)
        .execute();
      return new Map(
        rows.map((row) => [
          row.certificate_sha256,
          { checkedAt: new Date(row.checked_at), claimedUntil: new Date(row.claimed_until) },
        ]),
      );
    },
    async claim(certificates, { dueBefore, now, until }) {
      if (certificates.length === 0) return [];
      const claimed = await database
        .insertInto('revocation_checks')
        .values(
          // In one order, so that two instances that claim the same ones do not wait for each other.
          certificates.toSorted().map((certificate) => ({
            certificate_sha256: certificate,
            claimed_until: until.getTime(),
            checked_at: 0,
          })),
        )
        .onConflict((conflict) =>
          conflict
            .column('certificate_sha256')
            .doUpdateSet({ claimed_until: until.getTime() })
            .where('revocation_checks.checked_at', '<=', dueBefore.getTime())
            .where('revocation_checks.claimed_until', '<=', now.getTime()),
        )
        .returning('certificate_sha256')
        .execute();
      return claimed.map(({ certificate_sha256: certificate }) => certificate);
    },
    async settle(results, now) {
      if (results.length === 0) return;
      await inTransaction(database, async (transaction) => {
        const inOrder = results.toSorted((a, b) => (a.certificate < b.certificate ? -1 : 1));
        for (const { certificate, checkedAt } of inOrder) {
          await transaction
            .updateTable('revocation_checks')
            .set(
              checkedAt === null
                ? { claimed_until: now.getTime() }
                : { claimed_until: 0, checked_at: checkedAt.getTime() },
            )
            .where('certificate_sha256', '=', certificate)
            .execute();
        }
      });
    },
  };
}
