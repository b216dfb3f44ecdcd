import { type Kysely, type Selectable } from 'kysely';
import { type Acceptance, type AcceptanceStore } from '../../personal-data/terms-ledger.js';
import { type FieldCipher, type FieldPlace } from '../keys/field-cipher.js';
import { prepared } from './prepared.js';
import { type Schema, type TermsAcceptancesTable } from './schema.js';

const acceptanceOfVersion = prepared((database, asked: { personId: string; version: string }) =>
  database
    .selectFrom('terms_acceptances')
    .select('id')
    .where('person_id', '=', asked.personId)
    .where('version', '=', asked.version)
    .limit(1),
);

/** Acceptances of the terms in the database; the signature is sealed, because the certificate inside names the person. */
export function createSqlTerms(database: Kysely<Schema>, cipher: FieldCipher): AcceptanceStore {
  const subjectOf = async (personId: string) => {
    const key = await database
      .selectFrom('subject_keys')
      .select(['master_key_id', 'wrapped_key'])
      .where('subject_id', '=', personId)
      .executeTakeFirst();
    return key === undefined
      ? null
      : cipher.subject(personId, { masterKeyId: key.master_key_id, wrapped: key.wrapped_key });
  };
  return {
    async insert({ id, personId, version, language, acceptedAt, certificateSha256, signedText, signature }) {
      const subject = await subjectOf(personId);
      if (subject === null) throw new Error('the person who accepted the terms has no key');
      await database
        .insertInto('terms_acceptances')
        .values({
          id,
          person_id: personId,
          version,
          language,
          signed_text: signedText,
          signature_sealed: subject.seal(acceptanceSignature(id), Buffer.from(signature).toString('base64')),
          certificate_sha256: certificateSha256,
          accepted_at: acceptedAt.getTime(),
        })
        .execute();
    },

    async has(personId, version) {
      return (await acceptanceOfVersion(database, { personId, version })).rows.length > 0;
    },

    async listOf(personId) {
      const rows = await database
        .selectFrom('terms_acceptances')
        .select(['id', 'person_id', 'version', 'language', 'certificate_sha256', 'accepted_at'])
        .where('person_id', '=', personId)
        .orderBy('accepted_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(acceptanceOf);
    },

    async evidenceOf(personId, id) {
      const row = await database
        .selectFrom('terms_acceptances')
        .selectAll()
        .where('person_id', '=', personId)
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return null;
      // Erasing a person destroys their key, and with it the signature.
      const subject = await subjectOf(personId);
      if (subject === null) return null;
      const signature = Buffer.from(subject.open(acceptanceSignature(id), row.signature_sealed), 'base64');
      return { ...acceptanceOf(row), signedText: row.signed_text, signature: new Uint8Array(signature) };
    },
  };
}

/** What the signature of an acceptance is sealed for. */
export function acceptanceSignature(recordId: string): FieldPlace {
  return { table: 'terms_acceptances', column: 'signature_sealed', recordId };
}

function acceptanceOf(
  row: Omit<Selectable<TermsAcceptancesTable>, 'signed_text' | 'signature_sealed'>,
): Acceptance {
  return {
    id: row.id,
    personId: row.person_id,
    version: row.version,
    language: row.language,
    acceptedAt: new Date(row.accepted_at),
    certificateSha256: row.certificate_sha256,
  };
}
