/**
 * Where something was done: address and device, sealed under the key of the person the record is about and committed to by a digest under
 * the same key. With the key destroyed neither says anything any more, and the leaf stays what it was (docs/decisions/0028).
 */
import { randomBytes } from 'node:crypto';
import { type Kysely } from 'kysely';
import { type AuditParty } from '../../audit/event.js';
import { type NewRecord } from '../../audit/record.js';
import { type StoredRecord } from '../../audit/source.js';
import { StorageError } from '../error.js';
import { type FieldCipher, type FieldPlace } from '../keys/field-cipher.js';
import { INSTALLATION, installationCipher } from '../keys/installation-key.js';
import { type SubjectCipher, subjectOf } from './account-rows.js';
import { prepared } from './prepared.js';
import { type AuditRecordsTable, type Schema } from './schema.js';

type OriginColumns = Pick<AuditRecordsTable, 'origin_sealed' | 'origin_digest' | 'origin_of'>;

/** What an origin is sealed for: its digest, because a record has no number before it is written. */
export const sealedOrigin = (digest: string): FieldPlace => ({
  table: 'audit_records',
  column: 'origin',
  recordId: digest,
});

const NONE: OriginColumns = { origin_sealed: null, origin_digest: null, origin_of: null };

const keyOfPerson = prepared((database, { id }: { id: string }) =>
  database
    .selectFrom('people')
    .leftJoin('subject_keys', 'subject_keys.subject_id', 'people.id')
    .select(['people.id', 'subject_keys.master_key_id', 'subject_keys.wrapped_key'])
    .where('people.id', '=', id),
);

const keyOfMember = prepared((database, { id }: { id: string }) =>
  database
    .selectFrom('memberships')
    .leftJoin('subject_keys', 'subject_keys.subject_id', 'memberships.person_id')
    .select(['memberships.person_id as id', 'subject_keys.master_key_id', 'subject_keys.wrapped_key'])
    .where('memberships.id', '=', id),
);

/** Seals where something was done. Of a person who was erased nothing is kept. */
export async function sealOrigin(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  record: NewRecord,
): Promise<OriginColumns> {
  const { address, device } = record;
  if (address === null && device === null) return NONE;
  const whose = await subjectOfRecord(database, cipher, record);
  if (whose === null) return NONE;
  const { id, subject } = whose;
  const text = JSON.stringify({ address, device, salt: randomBytes(16).toString('base64url') });
  const digest = subject.commit(text);
  return { origin_sealed: subject.seal(sealedOrigin(digest), text), origin_digest: digest, origin_of: id };
}

interface Whose {
  readonly id: string;
  readonly subject: SubjectCipher;
}

/** The person who acted, or else who was acted upon, or else the installation; null for one who was erased. */
async function subjectOfRecord(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  { actor, subject, type }: NewRecord,
): Promise<Whose | null> {
  const party = [actor, subject].find(isPerson);
  if (party !== undefined) {
    const found = await keyOf(database, cipher, party, type !== GUESSED);
    if (found !== undefined) return found;
  } else if (type === GUESSED) {
    await levelLook(database);
  }
  return { id: INSTALLATION, subject: await installationCipher(database, cipher) };
}

/** What a wrong password is recorded as: it must not be told from its time whether there is such a person. */
const GUESSED = 'login.password.refused';

/** Looks as for the key of a person, and finds none. */
export async function levelLook(database: Kysely<Schema>): Promise<void> {
  await keyOfPerson(database, { id: '' });
}

type PersonParty = AuditParty & { readonly kind: 'person' | 'membership'; readonly id: string };

function isPerson(party: AuditParty | null): party is PersonParty {
  return party !== null && party.id !== null && (party.kind === 'person' || party.kind === 'membership');
}

/** Keys of those who acted lately: a minute, so that an erasure is not outlived by more. */
const HELD_MS = 60_000;
const HELD_MOST = 2_000;

interface Held {
  readonly whose: Whose | null;
  readonly until: number;
}

const heldOf = new WeakMap<FieldCipher, Map<string, Held>>();

/** @returns undefined where there is no such person */
async function keyOf(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  { kind, id }: PersonParty,
  mayHold: boolean,
): Promise<Whose | null | undefined> {
  const held = heldOf.get(cipher) ?? new Map<string, Held>();
  heldOf.set(cipher, held);
  const name = `${kind} ${id}`;
  const now = performance.now();
  const known = mayHold ? held.get(name) : undefined;
  if (known !== undefined && known.until > now) return known.whose;
  const [row] = (await (kind === 'person' ? keyOfPerson : keyOfMember)(database, { id })).rows;
  if (row === undefined) return undefined;
  const { id: personId, master_key_id, wrapped_key } = row;
  const whose =
    master_key_id === null || wrapped_key === null
      ? null
      : { id: personId, subject: subjectOf(cipher, personId, { master_key_id, wrapped_key }) };
  if (held.size >= HELD_MOST) held.clear();
  held.set(name, { whose, until: now + HELD_MS });
  return whose;
}

/** What is told of an origin, and whether it is what the digest says. */
export interface OpenedOrigin {
  readonly address: string | null;
  readonly device: string | null;
  readonly state: StoredRecord['origin'];
}

/**
 * Opens the origins of a page of records.
 *
 * @param cipher null: none is opened, and each counts as erased
 */
export async function openOrigins(
  database: Kysely<Schema>,
  cipher: FieldCipher | null,
  rows: readonly AuditRecordsTable[],
): Promise<(row: AuditRecordsTable) => OpenedOrigin> {
  const ids = [...new Set(rows.flatMap(({ origin_of }) => (origin_of === null ? [] : [origin_of])))];
  const subjects = new Map<string, SubjectCipher>();
  if (cipher !== null && ids.length > 0) {
    const keys = await database
      .selectFrom('subject_keys')
      .selectAll()
      .where('subject_id', 'in', ids)
      .execute();
    for (const key of keys) subjects.set(key.subject_id, subjectOf(cipher, key.subject_id, key));
  }
  return ({ origin_sealed, origin_digest, origin_of }) => {
    if (origin_of === null && origin_digest === null && origin_sealed === null) return closed('none');
    const subject = subjects.get(origin_of ?? '');
    if (subject === undefined) return closed(origin_digest === null ? 'wrong' : 'erased');
    if (origin_sealed === null || origin_digest === null) return closed('wrong');
    return open(subject, origin_digest, origin_sealed);
  };
}

function open(subject: SubjectCipher, digest: string, sealed: string): OpenedOrigin {
  try {
    const text = subject.open(sealedOrigin(digest), sealed);
    if (subject.commit(text) !== digest) return closed('wrong');
    const { address, device } = JSON.parse(text) as Pick<OpenedOrigin, 'address' | 'device'>;
    return { address, device, state: 'right' };
  } catch (error) {
    if (error instanceof StorageError) return closed('wrong');
    throw error;
  }
}

function closed(state: StoredRecord['origin']): OpenedOrigin {
  return { address: null, device: null, state };
}
