import { describe, expect, it } from '@jest/globals';
import { type Organisation } from '../../src/accounts/account.js';
import { assertMergeable } from '../../src/accounts/merging.js';
import { founded } from '../../src/accounts/organisations.js';
import { nextBin } from '../support/next-number.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const [BIN, BRANCH] = [nextBin(), nextBin()];
const company = (change: Partial<Organisation> = {}): Organisation => ({
  ...founded({ name: 'Қақпа', bin: nextBin() }, NOW),
  ...change,
});

describe('an organisation that begins', () => {
  it('has each branch once, and its own number among none of them', () => {
    const branchBins = [BRANCH, BIN, BRANCH];
    expect(founded({ name: 'Қақпа', bin: BIN, branchBins }, NOW)).toMatchObject({
      kind: 'legal-entity',
      bin: BIN,
      branchBins: [BRANCH],
      ownerId: null,
      status: 'active',
      mergedInto: null,
      settings: { allowPersonalKeys: false },
    });
  });

  it('is signed in to with personal keys where nobody issues it others, unless its settings say no', () => {
    const practice = { kind: 'individual', name: 'Қақпа', ownerId: 'owner' } as const;
    expect(founded(practice, NOW)).toMatchObject({
      bin: null,
      ownerId: 'owner',
      settings: { allowPersonalKeys: true },
    });
    const settings = { allowPersonalKeys: false };
    expect(founded({ ...practice, settings }, NOW)).toMatchObject({ settings });
  });

  it.each(['', ' ', 'a\nb', 'x'.repeat(201), '\u202eX'])('is not called %j', (name) => {
    expect(() => founded({ name, bin: BIN }, NOW)).toThrow(
      expect.objectContaining({ code: 'NAME_MALFORMED' }),
    );
  });

  it('is not founded with settings outside their bounds', () => {
    const settings = { session: { idleMs: 1, lifetimeMs: 1, maxConcurrent: null } };
    expect(() => founded({ name: 'Қақпа', bin: BIN, settings }, NOW)).toThrow(
      expect.objectContaining({ code: 'SETTINGS_MALFORMED' }),
    );
  });
});

describe('two organisations', () => {
  const same = company();

  it.each<[string, Organisation, Organisation]>([
    ['one and the same', same, same],
    ['a practice and a company', company({ kind: 'individual' }), company()],
    ['a company and a practice', company(), company({ kind: 'sole-proprietor' })],
    ['one that became part of another', company({ mergedInto: 'another' }), company()],
    ['into one that became part of another', company(), company({ mergedInto: 'another' })],
  ])('do not become one: %s', (_what, from, into) => {
    expect(() => {
      assertMergeable(from, into);
    }).toThrow(expect.objectContaining({ code: 'ORGANISATION_NOT_MERGEABLE' }));
  });

  it('become one when both are legal entities of their own, also when one is suspended', () => {
    expect(() => {
      assertMergeable(company({ status: 'suspended' }), company());
    }).not.toThrow();
  });
});
