import { type Kysely } from 'kysely';
import { isOperationName } from '../../sessions/operation-name.js';
import { type StepUpSignatures } from '../../sessions/step-up-evidence.js';
import { SEALED, subjectOfPerson } from './account-rows.js';
import { StorageError } from '../error.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { type Schema } from './schema.js';

/** Signatures of step-ups in the database; text and signature name people, and are sealed under the key of who signed. */
export function createSqlStepUpSignatures(database: Kysely<Schema>, cipher: FieldCipher): StepUpSignatures {
  return {
    async keep({ id, personId, signedAt, text, signature, ...signed }) {
      const subject = await subjectOfPerson(database, cipher, personId);
      await database
        .insertInto('step_up_signatures')
        .values({
          id,
          person_id: personId,
          membership_id: signed.membershipId,
          organisation_id: signed.organisationId,
          operation: signed.operation,
          digest: signed.digest,
          text_sealed: subject.seal(SEALED.stepUpText(id), text),
          signature_sealed: subject.seal(
            SEALED.stepUpSignature(id),
            Buffer.from(signature).toString('base64'),
          ),
          certificate_sha256: signed.certificateSha256,
          signed_at: signedAt.getTime(),
          used_at: signed.usedAt?.getTime() ?? null,
        })
        .execute();
    },
    async use(id, now) {
      const { numUpdatedRows } = await database
        .updateTable('step_up_signatures')
        .set({ used_at: now.getTime() })
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async get(id) {
      const row = await database
        .selectFrom('step_up_signatures')
        .innerJoin('subject_keys', 'subject_keys.subject_id', 'step_up_signatures.person_id')
        .selectAll('step_up_signatures')
        .where('step_up_signatures.id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return null;
      const { operation } = row;
      if (!isOperationName(operation)) {
        throw new StorageError('STORAGE_CORRUPT', 'a signature is kept for an operation nobody knows');
      }
      const subject = await subjectOfPerson(database, cipher, row.person_id);
      return {
        id,
        personId: row.person_id,
        membershipId: row.membership_id,
        organisationId: row.organisation_id,
        operation,
        digest: row.digest,
        certificateSha256: row.certificate_sha256,
        signedAt: new Date(row.signed_at),
        usedAt: row.used_at === null ? null : new Date(row.used_at),
        text: subject.open(SEALED.stepUpText(id), row.text_sealed),
        signature: Buffer.from(subject.open(SEALED.stepUpSignature(id), row.signature_sealed), 'base64'),
      };
    },
  };
}
