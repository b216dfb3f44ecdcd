import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type SignedRequestEvidence, type StepUpSignatures } from '../../src/sessions/step-up-evidence.js';
import { addMember } from '../support/members.js';
import { nextBin, nextIin } from '../support/next-number.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const LATER = new Date('2026-11-24T05:00:00Z');
const TEXT = 'Берік Сейітов: member → manager, 880101300123';

let opened: TemporaryStorage;
let signatures: StepUpSignatures;
let evidence: SignedRequestEvidence;
beforeAll(async () => {
  opened = await openTemporaryStorage();
  signatures = opened.storage.stepUpSignatures;
});
afterAll(() => opened.remove());

beforeEach(async () => {
  const { accounts } = opened.storage;
  const { id: organisationId } = await accounts.addOrganisation({ name: 'Қақпа', bin: nextBin() }, NOW);
  const membership = await addMember(accounts, { organisationId, iin: nextIin() }, NOW);
  evidence = {
    id: randomUUID(),
    personId: membership.personId,
    membershipId: membership.id,
    organisationId,
    operation: 'roles.change',
    digest: 'a'.repeat(64),
    certificateSha256: 'f'.repeat(64),
    signedAt: NOW,
    usedAt: null,
    text: TEXT,
    signature: Uint8Array.from({ length: 3000 }, (_none, place) => place & 0xff),
  };
});

describe('the signature of a request', () => {
  it('is given back as it was kept, to the octet', async () => {
    await signatures.keep(evidence);
    const kept = await signatures.get(evidence.id);
    expect({ ...kept, signature: [...kept!.signature] }).toEqual({
      ...evidence,
      signature: [...evidence.signature],
    });
  });

  it('is used once, also by ten who ask at the same moment', async () => {
    await signatures.keep(evidence);
    const uses = await Promise.all(Array.from({ length: 10 }, () => signatures.use(evidence.id, LATER)));
    expect(uses.filter(Boolean)).toHaveLength(1);
    expect(await signatures.get(evidence.id)).toMatchObject({ usedAt: LATER });
    expect(await signatures.use(evidence.id, new Date(LATER.getTime() + 1))).toBe(false);
    expect(await signatures.get(evidence.id)).toMatchObject({ usedAt: LATER });
  });

  it('that was used when it was kept cannot be used again', async () => {
    await signatures.keep({ ...evidence, usedAt: NOW });
    expect(await signatures.use(evidence.id, LATER)).toBe(false);
  });

  it('is kept once: the same identifier is not kept over it', async () => {
    await signatures.keep(evidence);
    await expect(signatures.keep({ ...evidence, text: 'another' })).rejects.toThrow();
    expect(await signatures.get(evidence.id)).toMatchObject({ text: TEXT });
  });

  it('stands sealed: neither names nor numbers of the text can be read from the database', async () => {
    await signatures.keep(evidence);
    const rows = await opened.query(`select * from step_up_signatures where id = '${evidence.id}'`);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/Берік|Сейітов|880101300123/);
  });

  it('that was put in the place of another does not open', async () => {
    const other = { ...evidence, id: randomUUID() };
    await signatures.keep(evidence);
    await signatures.keep(other);
    await opened.query(
      `update step_up_signatures
        set text_sealed = (select text_sealed from step_up_signatures where id = '${other.id}')
        where id = '${evidence.id}'`,
    );
    await expect(signatures.get(evidence.id)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
  });

  it('for an operation that is not known is no evidence', async () => {
    await signatures.keep(evidence);
    await opened.query(`update step_up_signatures set operation = 'anything' where id = '${evidence.id}'`);
    await expect(signatures.get(evidence.id)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
  });

  it.each(['', 'x', "' or 1=1 --"])('has no identifier %j', async (id) => {
    expect(await signatures.get(id)).toBeNull();
    expect(await signatures.use(id, NOW)).toBe(false);
  });

  it('of an unknown person is not kept', async () => {
    await expect(signatures.keep({ ...evidence, personId: randomUUID() })).rejects.toThrow();
    expect(await signatures.get(evidence.id)).toBeNull();
  });
});
