import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import { gatewayAct, operatorAct } from '../../src/audit/act.js';
import {
  type Checkpoint,
  keyIdOf,
  makeSigningKey,
  readCheckpoint,
  signCheckpoint,
  signedBy,
} from '../../src/audit/checkpoint.js';
import { type AuditLog } from '../../src/audit/log.js';
import { provedBy, readProof, writeProof } from '../../src/audit/proof.js';
import { openServices, type OpenServices } from '../../src/services.js';
import { LOG_KEY_OVERLAP_MS } from '../../src/storage/keys/log-keys.js';
import { nextIin } from '../support/next-number.js';
import { NOW, STARTED } from '../support/sample-records.js';
import {
  openTemporaryStorage,
  temporaryEngine,
  type TemporaryStorage,
} from '../support/temporary-storage.js';

const ORIGIN = 'https://login.example.kz';
const NAME = 'login.example.kz/v1/log';
const TABLES = ['audit_records', 'audit_tiles', 'audit_tree', 'audit_keys', 'audit_beginning'];
/** Two full tiles, and a third that is begun; the checkpoint that is kept elsewhere lies within the first. */
const KEPT = 200;
const SIZE = 600;

let opened: TemporaryStorage;
let storage: OpenServices;
let audit: AuditLog;
let kept: Checkpoint;
let personId: string;

const append = (count: number): Promise<void> =>
  storage.atomically(async (unit) => {
    for (let index = 0; index < count; index += 1) {
      await unit.audit.append({
        ...STARTED,
        actor: { kind: 'person', id: personId },
        address: '203.0.113.66',
        device: 'Firefox',
        details: { index },
      });
    }
  });

beforeAll(async () => {
  opened = await openTemporaryStorage();
  ({ storage } = opened);
  ({ audit } = storage);
  ({ id: personId } = await storage.accounts.addPerson({ iin: parseIin(nextIin())!, name: 'Айгүл' }, NOW));
  await append(KEPT);
  expect(await storage.sealing.seal(ORIGIN, NOW)).toBe(KEPT);
  kept = readCheckpoint((await audit.checkpoint())!)!;
  await append(SIZE - KEPT);
  expect(await storage.sealing.seal(ORIGIN, NOW)).toBe(SIZE - KEPT);
}, 60_000);
afterAll(() => opened.remove());

describe('a sealed log', () => {
  it('is whole, and grew out of the checkpoint that was kept', async () => {
    const head = readCheckpoint((await audit.checkpoint())!)!;
    expect(head).toMatchObject({ origin: NAME, size: SIZE });
    expect(signedBy(head, await audit.keys())).not.toBeNull();
    const found = { intact: true, unsealed: 0, size: SIZE, root: head.root.toString('hex') };
    expect(await audit.verify()).toMatchObject({ ...found, records: SIZE });
    expect(await audit.verify({ kept })).toMatchObject({ ...found, records: SIZE });
    expect(await audit.verify({ kept, sinceKept: true })).toMatchObject({ ...found, records: SIZE - KEPT });
    expect(await audit.verify({ key: (await audit.keys())[0]! })).toMatchObject(found);
  });

  it('gives every record one leaf, and no record two', async () => {
    const rows = await opened.query('select sequence, leaf_index from audit_records order by sequence');
    expect(rows.map(({ leaf_index }) => Number(leaf_index))).toEqual(
      Array.from({ length: SIZE }, (_, leaf) => leaf),
    );
    expect(await storage.sealing.seal(ORIGIN, NOW)).toBe(0);
  });

  it('proves each record to who has its key, from a text', async () => {
    const keys = await audit.keys();
    const records = await audit.list({ limit: 1000 });
    for (const index of [0, 255, 256, 599]) {
      const { sequence } = records[index]!;
      const proof = readProof(writeProof((await audit.prove(sequence))!))!;
      expect(provedBy(proof, keys)).toMatchObject({ size: SIZE });
      expect(JSON.parse(proof.leaf.toString())).toMatchObject({ id: sequence, type: STARTED.type });
      expect(proof.leaf.toString()).not.toContain('203.0.113.66');
    }
    expect(await audit.prove(10 ** 9)).toBeNull();
  });

  it('tells from where things were done', async () => {
    expect((await audit.latest(1))[0]).toMatchObject({ address: '203.0.113.66', device: 'Firefox' });
    const [row] = await opened.query('select * from audit_records where leaf_index = 7');
    expect(JSON.stringify(row)).not.toMatch(/203\.0\.113|Firefox/);
  });
});

/** What an operator may do who has the database and drops what guards it. */
describe('a log that somebody changed', () => {
  beforeAll(async () => {
    for (const [trigger, table] of [
      ...['keep', 'stay', 'gone'].map((name) => [`audit_records_${name}`, 'audit_records'] as const),
      ...['audit_tree', 'audit_tiles', 'audit_keys'].map((table) => [`${table}_stays`, table] as const),
      ['audit_tiles_fill', 'audit_tiles'],
      ['audit_tree_grows', 'audit_tree'],
      ['audit_keys_keep', 'audit_keys'],
      ['audit_beginning_moves', 'audit_beginning'],
      ['audit_beginning_stays', 'audit_beginning'],
    ] as const) {
      await opened.query(`drop trigger ${trigger}${temporaryEngine() === 'sqlite' ? '' : ` on ${table}`}`);
    }
    for (const table of TABLES) await opened.query(`create table sound_${table} as select * from ${table}`);
  });
  beforeEach(async () => {
    const statements = TABLES.map(
      (table) => `delete from ${table}; insert into ${table} select * from sound_${table}`,
    );
    await opened.query(statements.join(';'));
  });

  /** Octets, and octets one after another, as each database writes them. */
  const blob = (octets: string): string =>
    temporaryEngine() === 'sqlite' ? `x'${octets}'` : `'\\x${octets}'::bytea`;
  const joined = (...parts: string[]): string =>
    temporaryEngine() === 'sqlite' ? `cast(${parts.join(' || ')} as blob)` : parts.join(' || ');
  const ones = '11'.repeat(32);
  /** A tile with its third hash replaced. */
  const altered = (level: number, index: number): string =>
    `update audit_tiles set hashes = ${joined('substr(hashes, 1, 64)', blob(ones), 'substr(hashes, 97)')}
      where level = ${level} and tile_index = ${index}`;
  const at = (leaf: number): string =>
    `(select sequence from sound_audit_records where leaf_index = ${leaf})`;

  it.each<[string, string, object]>([
    [
      'a record',
      `update audit_records set reason = 'none' where leaf_index = 7`,
      { fault: 'record-altered', leaf: 7 },
    ],
    [
      'its time',
      `update audit_records set at = at + 1 where leaf_index = 7`,
      { fault: 'record-altered', leaf: 7 },
    ],
    [
      'details that are no JSON',
      `update audit_records set details = '{' where leaf_index = 7`,
      { fault: 'record-altered', leaf: 7 },
    ],
    [
      'a subject without a kind',
      `update audit_records set subject_id = 'x' where leaf_index = 599`,
      { fault: 'record-altered', leaf: 599 },
    ],
    [
      'an address that is sealed',
      `update audit_records set origin_sealed = '1.AAAA' where leaf_index = 7`,
      { fault: 'record-altered', leaf: 7 },
    ],
    [
      'an address that was moved from another record',
      `update audit_records set origin_sealed = (select origin_sealed from sound_audit_records where leaf_index = 8)
        where leaf_index = 7`,
      { fault: 'record-altered', leaf: 7 },
    ],
    [
      'an address that was taken away',
      `update audit_records set origin_sealed = null, origin_digest = null, origin_of = null where leaf_index = 7`,
      { fault: 'record-altered', leaf: 7 },
    ],
    [
      'a record said to be of a chain',
      `update audit_records set hash = 'x' where leaf_index = 7`,
      { leaf: 7 },
    ],
    [
      'a record taken out',
      `delete from audit_records where leaf_index = 7`,
      { fault: 'record-missing', leaf: 7 },
    ],
    [
      'records taken off the end',
      `delete from audit_records where leaf_index > 500`,
      { fault: 'record-missing', leaf: 501 },
    ],
    [
      'two records in each other’s place',
      `update audit_records set leaf_index = -1 where leaf_index = 7; update audit_records set leaf_index = 7 where leaf_index = 8;
        update audit_records set leaf_index = 8 where leaf_index = -1`,
      { fault: 'record-altered', leaf: 7 },
    ],
    [
      'two records with each other’s number',
      `update audit_records set sequence = 0 where leaf_index = 7; update audit_records set sequence = ${at(7)} where leaf_index = 8;
        update audit_records set sequence = ${at(8)} where leaf_index = 7`,
      { fault: 'record-altered', leaf: 7 },
    ],
    [
      'a record put in behind the end, as sealed',
      `insert into audit_records (sequence, at, type, actor_kind, details, previous_hash, hash, leaf_index)
        values (100000, 0, 'gateway.started', 'gateway', '{}', '', '', ${SIZE})`,
      { fault: 'record-added' },
    ],
    [
      'a record put in before the beginning',
      `insert into audit_records (sequence, at, type, actor_kind, details, previous_hash, hash, leaf_index)
        values (100000, 0, 'gateway.started', 'gateway', '{}', '', '', -5)`,
      { fault: 'record-added' },
    ],
    ['a tile', altered(0, 0), { fault: 'tile-altered' }],
    ['a tile that is not full', altered(0, 2), { fault: 'root-differs' }],
    [
      'a tile above',
      `update audit_tiles set hashes = ${joined(blob(ones), 'substr(hashes, 33)')} where level = 1`,
      { fault: 'tile-altered' },
    ],
    [
      'a tile taken out',
      `delete from audit_tiles where level = 0 and tile_index = 1`,
      { fault: 'tile-missing' },
    ],
    [
      'the last tile taken out',
      `delete from audit_tiles where level = 0 and tile_index = 2`,
      { fault: 'tile-missing' },
    ],
    [
      'two tiles in each other’s place',
      `update audit_tiles set tile_index = 9 where level = 0 and tile_index = 0;
        update audit_tiles set tile_index = 0 where level = 0 and tile_index = 1;
        update audit_tiles set tile_index = 1 where level = 0 and tile_index = 9`,
      { fault: 'tile-altered' },
    ],
    [
      'a tile put in',
      `insert into audit_tiles (level, tile_index, width, hashes) values (0, 3, 1, ${blob(ones)})`,
      { fault: 'tile-added' },
    ],
    [
      'a tile put in above',
      `insert into audit_tiles (level, tile_index, width, hashes) values (2, 0, 1, ${blob(ones)})`,
      { fault: 'tile-added' },
    ],
    [
      'a record together with its tile',
      `update audit_records set reason = 'none' where leaf_index = 2; ${altered(0, 0)}`,
      { fault: 'tile-altered' },
    ],
    [
      'records said to be deleted',
      `delete from audit_records where leaf_index < 100;
        update audit_beginning set leaves = 100, sequence = ${at(99)}, hash = ''`,
      { fault: 'deletion-unrecorded' },
    ],
    ['the checkpoint', `update audit_tree set checkpoint = 'none'`, { fault: 'checkpoint-unreadable' }],
    [
      'its size',
      `update audit_tree set checkpoint = replace(checkpoint, '${SIZE}', '${SIZE - 1}')`,
      { fault: 'checkpoint-unsigned' },
    ],
    ['the keys', `delete from audit_keys`, { fault: 'checkpoint-unsigned' }],
    ['a key', `update audit_keys set public_key = '${'A'.repeat(43)}='`, { fault: 'checkpoint-unsigned' }],
    ['a sealed key', `update audit_keys set key_sealed = '1.AAAA'`, { fault: 'checkpoint-unsigned' }],
  ])('shows %s', async (_what, statements, found) => {
    await opened.query(statements);
    expect(await audit.verify({ kept })).toMatchObject({ intact: false, ...found });
  });

  it('is not signed by a key that somebody put there', async () => {
    const forged = makeSigningKey(NAME);
    const head = readCheckpoint((await audit.checkpoint())!)!;
    await opened.query(`insert into audit_keys (id, name, public_key, key_sealed, made_at)
      values ('${keyIdOf(forged)}', '${NAME}', '${forged.publicKey.toString('base64')}', '1.AAAA', 0);
      update audit_tree set checkpoint = '${signCheckpoint(NAME, head, [forged])}'`);
    expect(await audit.verify()).toMatchObject({ intact: false, fault: 'checkpoint-unsigned' });
  });

  it('shows a tail cut off together with the checkpoint to who kept a later one', async () => {
    const late = readCheckpoint((await audit.checkpoint())!)!;
    const early = `${kept.body}\n${lineOf(kept)}`;
    await opened.query(`delete from audit_records where leaf_index >= ${KEPT}; delete from audit_tiles;
      insert into audit_tiles select level, tile_index, ${KEPT}, substr(hashes, 1, ${KEPT * 32})
        from sound_audit_tiles where level = 0 and tile_index = 0;
      update audit_tree set size = ${KEPT}, checkpoint = '${early}'`);
    expect(await audit.verify()).toMatchObject({ intact: true, size: KEPT });
    expect(await audit.verify({ kept })).toMatchObject({ intact: true });
    expect(await audit.verify({ kept: late })).toMatchObject({ intact: false, fault: 'kept-ahead' });
  });

  it('shows that everything was rewritten with the very key to who kept a checkpoint', async () => {
    await opened.query(`update audit_records set leaf_index = null;
      update audit_records set reason = 'none' where sequence = ${at(7)};
      delete from audit_tiles; update audit_tree set size = 0, checkpoint = null`);
    expect(await storage.sealing.seal(ORIGIN, NOW)).toBe(SIZE);
    expect(await audit.verify()).toMatchObject({ intact: true, size: SIZE });
    for (const sinceKept of [false, true]) {
      expect(await audit.verify({ kept, sinceKept })).toMatchObject({ intact: false, fault: 'kept-differs' });
    }
  });

  it('is not held to the checkpoint of another log, nor to one that nobody signed, nor to another key', async () => {
    const other = makeSigningKey(NAME);
    const foreign = readCheckpoint(signCheckpoint(NAME, kept, [other]))!;
    expect(await audit.verify({ kept: foreign })).toMatchObject({ fault: 'kept-foreign' });
    expect(await audit.verify({ kept: { ...kept, origin: 'other' } })).toMatchObject({
      fault: 'kept-foreign',
    });
    expect(await audit.verify({ key: other })).toMatchObject({ fault: 'key-unknown' });
  });

  it('before a checkpoint is not read again after it', async () => {
    await opened.query(`update audit_records set reason = 'none' where leaf_index = 7`);
    expect(await audit.verify({ kept, sinceKept: true })).toMatchObject({ intact: true });
    await opened.query(`update audit_records set reason = 'none' where leaf_index = ${KEPT + 1}`);
    expect(await audit.verify({ kept, sinceKept: true })).toMatchObject({
      fault: 'record-altered',
      leaf: KEPT + 1,
    });
  });

  it('is not sealed any further', async () => {
    await opened.query(altered(0, 2));
    await append(1);
    await expect(storage.sealing.seal(ORIGIN, NOW)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
    await expect(storage.sealing.rotateKey(gatewayAct(NOW))).rejects.toMatchObject({
      code: 'STORAGE_CORRUPT',
    });
  });

  it('shows a record that was changed before it was sealed to nobody', async () => {
    await append(1);
    await opened.query(`update audit_records set reason = 'none' where leaf_index is null`);
    await storage.sealing.seal(ORIGIN, NOW);
    expect(await audit.verify({ kept })).toMatchObject({ intact: true });
  });

  it('says nothing any more of where an erased person acted, and proves the same', async () => {
    await opened.query(`create table kept_key as select * from subject_keys where subject_id = '${personId}';
      delete from subject_keys where subject_id = '${personId}'`);
    const again = await openServices(opened.config);
    expect((await again.audit.latest(1))[0]).toMatchObject({ address: null, device: null });
    expect(await again.audit.verify({ kept })).toMatchObject({ intact: true, records: SIZE });
    const [last] = await again.audit.latest(1);
    expect(provedBy((await again.audit.prove(last!.sequence))!, await again.audit.keys())).not.toBeNull();
    await again.audit.append({
      ...STARTED,
      actor: { kind: 'person', id: personId },
      address: '203.0.113.67',
    });
    expect(await opened.query('select origin_sealed from audit_records where leaf_index is null')).toEqual([
      { origin_sealed: null },
    ]);
    await again.close();
    await opened.query('insert into subject_keys select * from kept_key');
  });

  /** The line of the signature of a checkpoint. */
  function lineOf(checkpoint: Checkpoint): string {
    const [{ name, keyId, signature }] = checkpoint.signatures as [Checkpoint['signatures'][number]];
    return `— ${name} ${Buffer.concat([Buffer.from(keyId, 'hex'), signature]).toString('base64')}\n`;
  }
});

describe('sealing', () => {
  it('by two instances at once seals each record once', async () => {
    const fresh = await openTemporaryStorage();
    const beside = await openServices(fresh.config);
    await fresh.storage.atomically(async (unit) => {
      for (let count = 0; count < 1_100; count += 1) await unit.audit.append(STARTED);
    });
    const both = [fresh.storage, beside];
    const sealed = await Promise.all(both.map(({ sealing }) => sealing.seal(ORIGIN, NOW)));
    for (;;) {
      const more = await fresh.storage.sealing.seal(ORIGIN, NOW);
      sealed.push(more);
      if (more === 0) break;
    }
    expect(sealed.reduce((sum, count) => sum + count, 0)).toBe(1_100);
    expect(await beside.audit.verify()).toMatchObject({ intact: true, size: 1_100, unsealed: 0 });
    await beside.close();
    await fresh.remove();
  }, 60_000);

  it('of nothing makes the key, so that verifiers can be given it, and keeps the name', async () => {
    const fresh = await openTemporaryStorage();
    expect(await fresh.storage.audit.checkpoint()).toBeNull();
    expect(await fresh.storage.audit.verify()).toMatchObject({ intact: true, records: 0, root: null });
    await expect(fresh.storage.sealing.rotateKey(gatewayAct(NOW))).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
    expect(await fresh.storage.sealing.seal(ORIGIN, NOW)).toBe(0);
    expect(await fresh.storage.sealing.seal('https://renamed.example.kz', NOW)).toBe(0);
    await fresh.storage.audit.append(STARTED);
    expect(await fresh.storage.sealing.backlog()).toEqual({ records: 1, oldest: NOW, sealedAt: NOW });
    await fresh.storage.sealing.seal('https://renamed.example.kz', NOW);
    expect(readCheckpoint((await fresh.storage.audit.checkpoint())!)).toMatchObject({
      origin: NAME,
      size: 1,
    });
    expect(await fresh.storage.sealing.backlog()).toEqual({ records: 0, oldest: null, sealedAt: NOW });
    await fresh.remove();
  });

  it('goes on with the next key, for a time beside the one before, whose private part is then destroyed', async () => {
    const fresh = await openTemporaryStorage();
    const { audit: log, sealing } = fresh.storage;
    await log.append(STARTED);
    await sealing.seal(ORIGIN, NOW);
    const [first] = await log.keys();
    const before = readCheckpoint((await log.checkpoint())!)!;
    await sealing.rotateKey(operatorAct('aigul', new Date(NOW.getTime() + 1)));
    const [second] = await log.keys();
    expect(await log.keys()).toHaveLength(2);
    const signers = async (): Promise<boolean[]> => {
      const head = readCheckpoint((await log.checkpoint())!)!;
      return [first!, second!].map((key) => signedBy(head, [key]) !== null);
    };
    expect(await signers()).toEqual([true, true]);
    expect((await log.latest(1))[0]).toMatchObject({
      type: 'audit.key-rotated',
      actor: { kind: 'operator', id: 'aigul' },
      details: { publicKey: second!.publicKey.toString('base64') },
    });
    await sealing.seal(ORIGIN, NOW);
    expect(await signers()).toEqual([true, true]);
    await log.append(STARTED);
    await sealing.seal(ORIGIN, new Date(NOW.getTime() + LOG_KEY_OVERLAP_MS + 2));
    expect(await signers()).toEqual([false, true]);
    expect(await log.verify({ kept: before, key: first! })).toMatchObject({ intact: true, size: 3 });
    for (let turn = 1; turn <= 9; turn += 1) {
      await sealing.rotateKey(gatewayAct(new Date(NOW.getTime() + 2 * LOG_KEY_OVERLAP_MS + turn)));
    }
    expect(readCheckpoint((await log.checkpoint())!)!.signatures).toHaveLength(8);
    expect(await log.verify({ kept: before, key: first! })).toMatchObject({ intact: true });
    const [retired] = await fresh.query('select retired_at from audit_keys order by made_at limit 1');
    expect(Number(retired!['retired_at'])).toBeGreaterThan(NOW.getTime());
    await fresh.remove();
  });
});
