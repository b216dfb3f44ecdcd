import { type Kysely } from 'kysely';
import { type CertificateBinding, type Membership } from '../../accounts/account.js';
import { type BindingStatus, type SeenCertificate } from '../../accounts/certificate-binding.js';
import { type BindingName, type CertificateStore } from '../../accounts/store.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { type Row, SEALED, subjectOfPerson, toDecision } from './account-rows.js';
import { pageOf } from './paging.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';

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
export function createSqlCertificates(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  organisationId: string,
): CertificateStore {
  const select = () =>
    database.selectFrom('certificate_bindings').selectAll().where('organisation_id', '=', organisationId);
  const update = ({ membershipId, sha256 }: BindingName, change: Partial<Row<'certificate_bindings'>>) =>
    database
      .updateTable('certificate_bindings')
      .set(change)
      .where('organisation_id', '=', organisationId)
      .where('membership_id', '=', membershipId)
      .where('certificate_sha256', '=', sha256)
      .execute();

  return {
    list: ({ status, membershipId, undecided, ...request }) =>
      pageOf({
        request,
        async rows(after, count) {
          let rows = select();
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
    async find({ membershipId, sha256 }) {
      const row = await select()
        .where('membership_id', '=', membershipId)
        .where('certificate_sha256', '=', sha256)
        .executeTakeFirst();
      return row === undefined ? null : toBinding(row);
    },
    async of(membershipId) {
      const rows = await select()
        .where('membership_id', '=', membershipId)
        .orderBy('first_seen_at')
        .orderBy('certificate_sha256')
        .execute();
      return rows.map(toBinding);
    },
    async seen({ membershipId, sha256 }) {
      const row = await bindingRow(database, membershipId, sha256);
      return row === undefined ? null : { status: row.status, whole: row.der_sealed !== null };
    },
    anyOf: (membershipId) => anyOf(database, membershipId),
    async insert(membership, certificate, status, now) {
      const evidence = await evidenceOf(database, cipher, membership, certificate);
      const row = { ...newBinding(membership, certificate, status, now), ...evidence };
      await database.insertInto('certificate_bindings').values(row).execute();
    },
    async seeAgain(binding, now) {
      await seeAgain(database, { ...binding, organisationId, seenAt: now.getTime() });
    },
    async renew(membership, certificate, { status, whole }, now) {
      const evidence = whole ? {} : await evidenceOf(database, cipher, membership, certificate);
      const name = { membershipId: membership.id, sha256: certificate.sha256 };
      await update(name, { ...evidence, status, last_seen_at: now.getTime() });
    },
    async decide(binding, status, by, now) {
      const decision = { decided_at: now.getTime(), decided_by_kind: by.kind, decided_by_id: by.id };
      await update(binding, { status, ...decision });
    },
  };
}

async function anyOf(database: Kysely<Schema>, membershipId: string): Promise<boolean> {
  const any = await database
    .selectFrom('certificate_bindings')
    .select('certificate_sha256')
    .where('membership_id', '=', membershipId)
    .limit(1)
    .executeTakeFirst();
  return any !== undefined;
}

function newBinding(
  { id, organisationId }: Membership,
  { sha256, serialNumber, notAfter }: SeenCertificate,
  status: BindingStatus,
  now: Date,
): Row<'certificate_bindings'> {
  return {
    membership_id: id,
    organisation_id: organisationId,
    certificate_sha256: sha256,
    issuer_sha256: null,
    serial_number: serialNumber,
    not_after: notAfter.getTime(),
    status,
    template_roles: '[]',
    der_sealed: null,
    first_seen_at: now.getTime(),
    last_seen_at: now.getTime(),
    decided_at: null,
    decided_by_kind: null,
    decided_by_id: null,
  };
}

/** What is kept of a certificate besides its names, as far as it is known. */
async function evidenceOf(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  { id, personId }: Membership,
  { sha256, der, issuerSha256, templateRoles }: SeenCertificate,
): Promise<Partial<Row<'certificate_bindings'>>> {
  return {
    ...(der == null
      ? {}
      : {
          der_sealed: (await subjectOfPerson(database, cipher, personId)).seal(
            SEALED.certificate(id, sha256),
            Buffer.from(der).toString('base64'),
          ),
        }),
    ...(issuerSha256 == null ? {} : { issuer_sha256: issuerSha256 }),
    ...(templateRoles === undefined ? {} : { template_roles: JSON.stringify(templateRoles) }),
  };
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
