import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { StorageError } from '../error.js';

/** A person's own data key, wrapped by the master key. Destroying it erases everything sealed with it. */
export interface WrappedKey {
  readonly masterKeyId: string;
  readonly wrapped: string;
}

/** Where a sealed value belongs. It opens nowhere else: a value moved to another row or column is refused. */
export interface FieldPlace {
  readonly table: string;
  readonly column: string;
  readonly recordId: string;
}

interface SubjectCipher {
  seal(place: FieldPlace, text: string): string;
  /** @throws StorageError `STORAGE_CORRUPT` */
  open(place: FieldPlace, sealed: string): string;
  /** HMAC-SHA-256 under a key derived from the subject's for this alone, lower-case hex: nobody can tell of what, once that is destroyed. */
  commit(text: string): string;
}

/** Field encryption (design decision 12): AES-256-GCM with a key per subject, and a keyed index to look people up by IIN. */
export interface FieldCipher {
  /** Names the master key without telling anything about it; stored, it proves later that the key is the same. */
  readonly masterKeyId: string;
  newSubject(subjectId: string): { readonly key: WrappedKey; readonly cipher: SubjectCipher };
  /** @throws StorageError `MASTER_KEY_WRONG` for a key wrapped by another master key, `STORAGE_CORRUPT` */
  subject(subjectId: string, key: WrappedKey): SubjectCipher;
  /**
   * The same subject's key as another master key wraps it. What is sealed with it stays as it is.
   *
   * @throws StorageError as `subject`
   */
  rewrap(subjectId: string, key: WrappedKey, next: FieldCipher): WrappedKey;
  /** Wraps a key that another master key wrapped before: only for `rewrap`. */
  adopt(subjectId: string, dataKey: Uint8Array): WrappedKey;
  /** HMAC-SHA-256 of a value, lower-case hex: equal values give equal indexes, and only who holds the key can compute them. */
  blindIndex(purpose: 'iin' | 'challenge-holder', value: string): string;
  /** For what is kept for minutes and belongs to no person who could be erased: the words of a challenge. */
  readonly passing: SubjectCipher;
}

const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/**
 * @param masterKey 32 bytes
 * @throws StorageError `MASTER_KEY_MALFORMED`
 */
export function createFieldCipher(masterKey: Uint8Array): FieldCipher {
  if (masterKey.length !== 32)
    throw new StorageError('MASTER_KEY_MALFORMED', 'the master key is not 32 bytes');
  // One key for each use (NIST SP 800-108 and RFC 5869 §3.2): what is learnt about one says nothing about another.
  const derive = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', masterKey, new Uint8Array(), `qaqpa/v1/${use}`, 32));
  const wrappingKey = derive('wrap-subject-key');
  const indexKeys = {
    iin: derive('blind-index/iin'),
    'challenge-holder': derive('blind-index/challenge-holder'),
  };
  const passing = subjectCipher(derive('passing'));
  const masterKeyId = derive('key-id').toString('hex').slice(0, 32);
  const wrappingContext = (subjectId: string): string =>
    JSON.stringify(['subject-key', masterKeyId, subjectId]);
  const wrap = (subjectId: string, dataKey: Uint8Array): WrappedKey => ({
    masterKeyId,
    wrapped: encrypt(wrappingKey, wrappingContext(subjectId), dataKey),
  });
  const unwrap = (subjectId: string, key: WrappedKey): Uint8Array => {
    if (key.masterKeyId !== masterKeyId) {
      throw new StorageError('MASTER_KEY_WRONG', 'this record was sealed under another master key');
    }
    return decrypt(wrappingKey, wrappingContext(subjectId), key.wrapped);
  };
  return {
    masterKeyId,
    passing,
    newSubject(subjectId) {
      const dataKey = randomBytes(32);
      return { key: wrap(subjectId, dataKey), cipher: subjectCipher(dataKey) };
    },
    subject: (subjectId, key) => subjectCipher(unwrap(subjectId, key)),
    rewrap: (subjectId, key, next) => next.adopt(subjectId, unwrap(subjectId, key)),
    adopt: wrap,
    blindIndex: (purpose, value) =>
      createHmac('sha256', indexKeys[purpose]).update(value, 'utf8').digest('hex'),
  };
}

function subjectCipher(dataKey: Uint8Array): SubjectCipher {
  let committing: Buffer | null = null;
  const context = ({ table, column, recordId }: FieldPlace): string =>
    JSON.stringify([table, column, recordId]);
  return {
    seal: (place, text) => encrypt(dataKey, context(place), Buffer.from(text, 'utf8')),
    open: (place, sealed) => decrypt(dataKey, context(place), sealed).toString('utf8'),
    commit(text) {
      committing ??= Buffer.from(hkdfSync('sha256', dataKey, new Uint8Array(), 'qaqpa/v1/commit', 32));
      return createHmac('sha256', committing).update(text, 'utf8').digest('hex');
    },
  };
}

/** `1.` and base64url of nonce ‖ ciphertext ‖ tag; the number is the version of this form. */
function encrypt(key: Uint8Array, context: string, plaintext: Uint8Array): string {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const bytes = Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return `1.${bytes.toString('base64url')}`;
}

function decrypt(key: Uint8Array, context: string, sealed: string): Buffer {
  const bytes = Buffer.from(sealed.slice(2), 'base64url');
  if (!sealed.startsWith('1.') || bytes.length < NONCE_LENGTH + TAG_LENGTH) {
    throw new StorageError('STORAGE_CORRUPT', 'a sealed field has an unknown form');
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_LENGTH), {
      authTagLength: TAG_LENGTH,
    });
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(bytes.subarray(-TAG_LENGTH));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_LENGTH, -TAG_LENGTH)), decipher.final()]);
  } catch (cause) {
    throw new StorageError('STORAGE_CORRUPT', 'a sealed field was changed or belongs elsewhere', { cause });
  }
}
