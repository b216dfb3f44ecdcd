import { describe, expect, it } from '@jest/globals';
import { createFieldCipher } from '../../src/storage/keys/field-cipher.js';

const PLACE = { table: 'people', column: 'iin', recordId: 'p1' };
const cipher = createFieldCipher(new Uint8Array(32).fill(1));
const other = createFieldCipher(new Uint8Array(32).fill(2));
const corrupt = expect.objectContaining({ code: 'STORAGE_CORRUPT' });

describe('a sealed field', () => {
  const { key, cipher: subject } = cipher.newSubject('p1');

  it.each(['920101300125', '', 'Айгүл Серікова', '\u0000'])('opens to what was sealed: %j', (text) => {
    const sealed = subject.seal(PLACE, text);
    expect(cipher.subject('p1', key).open(PLACE, sealed)).toBe(text);
    if (text !== '') expect(sealed).not.toContain(text);
  });

  it('is sealed differently every time', () => {
    expect(subject.seal(PLACE, 'x')).not.toBe(subject.seal(PLACE, 'x'));
  });

  it('opens nowhere but in its own row and column', () => {
    const sealed = subject.seal(PLACE, '920101300125');
    for (const place of [
      { ...PLACE, table: 'other' },
      { ...PLACE, column: 'name' },
      { ...PLACE, recordId: 'p2' },
      { table: 'people","iin', column: 'p1', recordId: '' },
    ]) {
      expect(() => subject.open(place, sealed)).toThrow(corrupt);
    }
  });

  it('is refused with any bit of it changed', () => {
    const sealed = Buffer.from(subject.seal(PLACE, '920101300125').slice(2), 'base64url');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => subject.open(PLACE, `1.${changed.toString('base64url')}`)).toThrow(corrupt);
    }
  });

  it.each(['', '1.', '2.AAAA', 'x', '1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])(
    'is refused as %j',
    (sealed) => {
      expect(() => subject.open(PLACE, sealed)).toThrow(corrupt);
    },
  );

  it('does not open with another subject’s key', () => {
    const sealed = subject.seal(PLACE, 'x');
    expect(() => cipher.newSubject('p1').cipher.open(PLACE, sealed)).toThrow(corrupt);
  });
});

describe('a subject’s key', () => {
  it('is unwrapped only for its own subject', () => {
    const { key } = cipher.newSubject('p1');
    expect(() => cipher.subject('p2', key)).toThrow(corrupt);
  });

  it('is unwrapped only by the master key that wrapped it', () => {
    const { key } = cipher.newSubject('p1');
    expect(() => other.subject('p1', key)).toThrow(expect.objectContaining({ code: 'MASTER_KEY_WRONG' }));
    expect(() => other.subject('p1', { ...key, masterKeyId: other.masterKeyId })).toThrow(corrupt);
  });
});

describe('a blind index', () => {
  it('is the same for the same value under the same master key, and for nothing else', () => {
    const index = cipher.blindIndex('iin', '920101300125');
    expect(createFieldCipher(new Uint8Array(32).fill(1)).blindIndex('iin', '920101300125')).toBe(index);
    expect(cipher.blindIndex('iin', '920101300126')).not.toBe(index);
    expect(other.blindIndex('iin', '920101300125')).not.toBe(index);
    expect(index).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a master key', () => {
  it.each([0, 16, 31, 33])('is not %d bytes', (length) => {
    expect(() => createFieldCipher(new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: 'MASTER_KEY_MALFORMED' }),
    );
  });
});
