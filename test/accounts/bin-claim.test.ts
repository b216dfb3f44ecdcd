import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type BinClaim, type BinClaims } from '../../src/accounts/bin-claim.js';
import { type Bin } from '../../src/accounts/national-number.js';
import { nextBin, nextIin } from '../support/next-number.js';
import { addMember } from '../support/members.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const LATER = new Date('2026-11-24T05:00:00Z');
const HEAD = { kind: 'membership', id: 'the head' };
const ADMINISTRATOR = { kind: 'membership', id: 'the administrator' };

let opened: TemporaryStorage;
let claims: BinClaims;
let organisationId: string;
let bin: Bin;
let evidence: string;
beforeAll(async () => {
  opened = await openTemporaryStorage();
  claims = opened.storage.binClaims;
});
afterAll(() => opened.remove());

beforeEach(async () => {
  const { accounts, stepUpSignatures } = opened.storage;
  ({ id: organisationId } = await accounts.addOrganisation({ name: 'Қақпа', bin: nextBin() }, NOW));
  const membership = await addMember(accounts, { organisationId, iin: nextIin() }, NOW);
  bin = nextBin();
  evidence = randomUUID();
  await stepUpSignatures.keep({
    id: evidence,
    personId: membership.personId,
    membershipId: membership.id,
    organisationId,
    operation: 'organisation.claim',
    digest: 'digest',
    certificateSha256: 'f'.repeat(64),
    signedAt: NOW,
    usedAt: NOW,
    text: 'The number belongs to the organisation',
    signature: Uint8Array.of(48, 0),
  });
});

const make = (now = NOW): Promise<BinClaim> =>
  claims.make({ organisationId, bin, evidence, madeBy: HEAD }, now);

describe('a claim of a number', () => {
  it('is open until it is decided, and tells who made and who decided it', async () => {
    const { id } = await make();
    expect(await claims.get(id)).toEqual({
      id,
      organisationId,
      bin,
      evidence,
      status: 'open',
      madeAt: NOW,
      madeBy: HEAD,
      decision: null,
    });
    const decided = await claims.decide(id, 'granted', ADMINISTRATOR, LATER);
    expect(decided).toMatchObject({ status: 'granted', decision: { at: LATER, by: ADMINISTRATOR } });
    expect(await claims.get(id)).toEqual(decided);
  });

  it('stands once for a number, also for ten that are made at the same moment', async () => {
    const made = await Promise.allSettled(Array.from({ length: 10 }, () => make()));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const refused of made.filter((one) => one.status === 'rejected')) {
      expect(refused.reason).toMatchObject({ code: 'BIN_CLAIM_STATUS' });
    }
    expect((await claims.list({ limit: 50, organisationId, status: 'open' })).items).toHaveLength(1);
  });

  it('can be made again once it is refused', async () => {
    const { id } = await make();
    await claims.decide(id, 'refused', ADMINISTRATOR, LATER);
    expect(await make(LATER)).toMatchObject({ status: 'open' });
  });

  it('is decided once, also by ten who decide at the same moment', async () => {
    const { id } = await make();
    const decided = await Promise.allSettled(
      Array.from({ length: 10 }, (_none, turn) =>
        claims.decide(id, turn % 2 === 0 ? 'granted' : 'refused', ADMINISTRATOR, LATER),
      ),
    );
    const kept = decided.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(kept).toHaveLength(1);
    expect(await claims.get(id)).toEqual(kept[0]);
  });

  it.each(['', 'x', randomUUID(), "' or 1=1 --"])('has no identifier %j', async (id) => {
    await expect(claims.get(id)).rejects.toMatchObject({ code: 'BIN_CLAIM_UNKNOWN' });
    await expect(claims.decide(id, 'granted', ADMINISTRATOR, LATER)).rejects.toMatchObject({
      code: 'BIN_CLAIM_UNKNOWN',
    });
  });

  it('is kept only with a signature that is kept', async () => {
    const unsigned = claims.make({ organisationId, bin, evidence: randomUUID(), madeBy: HEAD }, NOW);
    await expect(unsigned).rejects.toThrow();
    expect((await claims.list({ limit: 50, organisationId })).items).toEqual([]);
  });
});

describe('the list of claims', () => {
  it('gives the newest first, page after page, each once, and those of one organisation and status alone', async () => {
    const made: string[] = [];
    for (let second = 0; second < 5; second += 1) {
      bin = nextBin();
      made.unshift((await make(new Date(NOW.getTime() + (second >> 1) * 1000))).id);
    }
    await claims.decide(made[0]!, 'refused', ADMINISTRATOR, LATER);
    const told: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await claims.list({ limit: 2, organisationId, cursor });
      told.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(told).toHaveLength(5);
    expect(new Set(told)).toEqual(new Set(made));
    const times = await Promise.all(told.map(async (id) => (await claims.get(id)).madeAt.getTime()));
    expect(times).toEqual([...times].sort((one, other) => other - one));
    const open = await claims.list({ limit: 50, organisationId, status: 'open' });
    expect(open.items.map(({ id }) => id)).not.toContain(made[0]);
    expect(open.items).toHaveLength(4);
  });

  it('refuses a cursor it did not give', async () => {
    await expect(claims.list({ limit: 2, cursor: 'nonsense' })).rejects.toMatchObject({
      code: 'CURSOR_MALFORMED',
    });
  });
});
