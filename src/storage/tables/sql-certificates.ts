import { type Kysely } from 'kysely';
import { type Account, AccountError, type CertificateBinding } from '../../accounts/account.js';
import { type BindingStatus, type SeenCertificate } from '../../accounts/certificate-binding.js';
import { type TenantCertificates } from '../../accounts/tenant.js';
import { type Row, SEALED, subjectOfPerson, toDecision } from './account-rows.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { pageOf } from './paging.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';
import { isOnlyManager } from './sql-members.js';
import { inTransaction } from '../engines/transaction.js';

const bindingOf = prepared((database, asked: { membershipId: string; sha256: string }) =>
  database
    .selectFrom('certificate_bindings')
    .selectAll()
    .where('membership_id', '=', asked.membershipId)
    .where('certificate_sha256', '=', asked.sha256),
);

const seeAgain = prepared(
  (database, told: { membershipId: string; organisationId: string; sha256: string; seenAt: number }) =>
    database
      .updateTable('certificate_bindings')
      .set({ last_seen_at: told.seenAt })
      .where('organisation_id', '=', told.organisationId)
      .where('membership_id', '=', told.membershipId)
      .where('certificate_sha256', '=', told.sha256),
);

/** The certificates people of one organisation came with. */
export function createSqlCertificates(database: Kysely<Schema>, organisationId: string): TenantCertificates {
  const select = (executor: Kysely<Schema>) =>
    executor.selectFrom('certificate_bindings').selectAll().where('organisation_id', '=', organisationId);
  const get = async (
    executor: Kysely<Schema>,
    membershipId: string,
    sha256: string,
  ): Promise<CertificateBinding> => {
    const row = await select(executor)
      .where('membership_id', '=', membershipId)
      .where('certificate_sha256', '=', sha256)
      .executeTakeFirst();
    if (row === undefined) {
      throw new AccountError('CERTIFICATE_BINDING_UNKNOWN', 'nobody came with such a certificate');
    }
    return toBinding(row);
  };

  return {
    list: ({ status, membershipId, undecided, ...request }) =>
      pageOf({
        request,
        async rows(after, count) {
          let rows = select(database);
          if (status !== undefined) rows = rows.where('status', '=', status);
          if (membershipId !== undefined) rows = rows.where('membership_id', '=', membershipId);
          if (undecided === true) rows = rows.where('decided_at', 'is', null);
          if (after !== null) {
            rows = rows.where((row) =>
              row(row.refTuple('first_seen_at', 'certificate_sha256'), '<', row.tuple(after.at, after.id)),
            );
          }
          return rows
            .orderBy('first_seen_at', 'desc')
            .orderBy('certificate_sha256', 'desc')
            .limit(count)
            .execute();
        },
        mark: ({ first_seen_at, certificate_sha256 }) => ({ at: first_seen_at, id: certificate_sha256 }),
        items: (rows) => Promise.resolve(rows.map(toBinding)),
      }),
    get: (membershipId, sha256) => get(database, membershipId, sha256),
    async of(membershipId) {
      const rows = await select(database)
        .where('membership_id', '=', membershipId)
        .orderBy('first_seen_at')
        .orderBy('certificate_sha256')
        .execute();
      return rows.map(toBinding);
    },
    decide: ({ membershipId, sha256 }, status, by, now) =>
      inTransaction(database, async (transaction) => {
        const before = await get(transaction, membershipId, sha256);
        if (before.status === status && (status === 'revoked' || before.decision !== null)) {
          throw new AccountError('CERTIFICATE_BINDING_STATUS', `the certificate is ${status} already`);
        }
        await transaction
          .updateTable('certificate_bindings')
          .set({ status, decided_at: now.getTime(), decided_by_kind: by.kind, decided_by_id: by.id })
          .where('organisation_id', '=', organisationId)
          .where('membership_id', '=', membershipId)
          .where('certificate_sha256', '=', sha256)
          .execute();
        return { ...before, status, decision: { by, at: now } };
      }),
  };
}

/** Binds a certificate to an account: see `Doorway.bindCertificate`. */
export function bindCertificate(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  { membership, organisation }: Account,
  certificate: SeenCertificate,
  now: Date,
): Promise<{ readonly firstSeen: boolean; readonly status: BindingStatus }> {
  const { sha256 } = certificate;
  const approved = organisation.settings.certificates === 'approve';
  return inTransaction(database, async (transaction) => {
    // A manager beside whom nobody else decides would wait for ever: their own comes in undecided, as under "notify".
    const waits = async () => approved && !(await isOnlyManager(transaction, membership));
    const known = await bindingRow(transaction, membership.id, sha256);
    const { der, issuerSha256, templateRoles } = certificate;
    const evidence = async () => ({
      ...(der == null
        ? {}
        : {
            der_sealed: (await subjectOfPerson(transaction, cipher, membership.personId)).seal(
              SEALED.certificate(membership.id, sha256),
              Buffer.from(der).toString('base64'),
            ),
          }),
      ...(issuerSha256 == null ? {} : { issuer_sha256: issuerSha256 }),
      ...(templateRoles === undefined ? {} : { template_roles: JSON.stringify(templateRoles) }),
    });
    if (known !== undefined) {
      // Where nobody has to approve it any more, one that waits for that waits no longer.
      const status = known.status === 'pending' && !(await waits()) ? 'active' : known.status;
      if (status === known.status && known.der_sealed !== null) {
        const place = { membershipId: membership.id, organisationId: organisation.id, sha256 };
        await seeAgain(transaction, { ...place, seenAt: now.getTime() });
        return { firstSeen: false, status };
      }
      await transaction
        .updateTable('certificate_bindings')
        .set({ ...(known.der_sealed === null ? await evidence() : {}), status, last_seen_at: now.getTime() })
        .where('organisation_id', '=', organisation.id)
        .where('membership_id', '=', membership.id)
        .where('certificate_sha256', '=', sha256)
        .execute();
      return { firstSeen: false, status };
    }
    const another = await transaction
      .selectFrom('certificate_bindings')
      .select('certificate_sha256')
      .where('membership_id', '=', membership.id)
      .limit(1)
      .executeTakeFirst();
    const status = another !== undefined && (await waits()) ? 'pending' : 'active';
    await transaction
      .insertInto('certificate_bindings')
      .values({
        membership_id: membership.id,
        organisation_id: organisation.id,
        certificate_sha256: sha256,
        issuer_sha256: null,
        serial_number: certificate.serialNumber,
        not_after: certificate.notAfter.getTime(),
        status,
        template_roles: '[]',
        der_sealed: null,
        first_seen_at: now.getTime(),
        last_seen_at: now.getTime(),
        decided_at: null,
        decided_by_kind: null,
        decided_by_id: null,
        ...(await evidence()),
      })
      .execute();
    return { firstSeen: true, status };
  });
}

export async function bindingRow(
  database: Kysely<Schema>,
  membershipId: string,
  sha256: string,
): Promise<Row<'certificate_bindings'> | undefined> {
  return (await bindingOf(database, { membershipId, sha256 })).rows[0];
}

export function toBinding(row: Row<'certificate_bindings'>): CertificateBinding {
  return {
    membershipId: row.membership_id,
    certificateSha256: row.certificate_sha256,
    issuerSha256: row.issuer_sha256,
    serialNumber: row.serial_number,
    notAfter: new Date(row.not_after),
    status: row.status,
    templateRoles: JSON.parse(row.template_roles) as string[],
    firstSeenAt: new Date(row.first_seen_at),
    lastSeenAt: new Date(row.last_seen_at),
    decision: toDecision(row),
  };
}
