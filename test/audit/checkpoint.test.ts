import { describe, expect, it } from '@jest/globals';
import {
  keyIdOf,
  logName,
  makeSigningKey,
  publicKeyOf,
  readCheckpoint,
  readVerifierKey,
  signCheckpoint,
  signedBy,
  verifierKey,
} from '../../src/audit/checkpoint.js';
import { leafHash, rootOf } from '../../src/audit/merkle.js';
import { provedBy, readProof, writeProof } from '../../src/audit/proof.js';

const NAME = 'login.example.kz/v1/log';
const key = makeSigningKey(NAME);
const next = makeSigningKey(NAME);
const head = { size: 3, root: leafHash(Buffer.from('root')) };
const note = signCheckpoint(NAME, head, [key, next]);

describe('a checkpoint', () => {
  it('has three lines, a blank one and a line for each signature', () => {
    expect(note.split('\n')).toEqual([
      NAME,
      '3',
      head.root.toString('base64'),
      '',
      expect.stringMatching(/^— login\.example\.kz\/v1\/log [A-Za-z0-9+/]{90,}=*$/),
      expect.stringMatching(/^— login\.example\.kz\/v1\/log /),
      '',
    ]);
    expect(readCheckpoint(note)).toMatchObject({ origin: NAME, ...head });
  });

  it('is signed by each of its keys, and by no other', () => {
    const checkpoint = readCheckpoint(note)!;
    expect(signedBy(checkpoint, [key])).toBe(key);
    expect(signedBy(checkpoint, [next])).toBe(next);
    expect(signedBy(checkpoint, [makeSigningKey(NAME)])).toBeNull();
    expect(signedBy(checkpoint, [{ ...key, name: 'other' }])).toBeNull();
    expect(signedBy(checkpoint, [])).toBeNull();
  });

  it('takes the signature of a stranger beside its own, and no wrong one of a key it knows', () => {
    const [stranger] = signCheckpoint('witness', head, [makeSigningKey('witness')])
      .split('\n')
      .slice(-2);
    expect(signedBy(readCheckpoint(`${note}${stranger!}\n`)!, [key])).toBe(key);
    const other = signCheckpoint(NAME, { ...head, size: 4 }, [key])
      .split('\n')
      .slice(-2)[0]!;
    const mixed = `${note.split('\n').slice(0, 4).join('\n')}\n${other}\n`;
    expect(signedBy(readCheckpoint(mixed)!, [key])).toBeNull();
  });

  it.each([
    ['another size', note.replace('\n3\n', '\n4\n')],
    ['another name', note.replace(NAME, 'login.example.kz/v1/lag')],
    ['a further line', note.replace('\n\n', '\nmore\n\n')],
  ])('with %s is not the one that was signed', (_what, changed) => {
    expect(signedBy(readCheckpoint(changed)!, [key])).toBeNull();
  });

  it.each([
    '',
    '\n\n',
    'x',
    note.slice(0, -1),
    note.replace('\n3\n', '\n03\n'),
    note.replace('\n3\n', '\n-3\n'),
    note.replace('\n3\n', '\n9007199254740993\n'),
    note.replace('=\n\n', '\n\n'),
    note.replace('— ', '- '),
    `${note}${'x'.repeat(20_000)}\n`,
  ])('is not %j', (text) => {
    expect(readCheckpoint(text)).toBeNull();
  });
});

describe('a key of the log', () => {
  it('is told to verifiers as they take it, and read back', () => {
    expect(verifierKey(key)).toMatch(/^login\.example\.kz\/v1\/log\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/);
    expect(readVerifierKey(verifierKey(key))).toEqual({ name: NAME, publicKey: key.publicKey });
    expect(publicKeyOf(key.seed)).toEqual(key.publicKey);
  });

  it.each([
    verifierKey(key).replace(keyIdOf(key), '00000000'),
    verifierKey(key).replace(NAME, 'other'),
    verifierKey(key).slice(0, -4),
    '',
    'a+b+c',
  ])('is not %j', (text) => {
    expect(readVerifierKey(text)).toBeNull();
  });

  it.each([
    ['https://login.example.kz', 'login.example.kz/v1/log'],
    ['http://localhost:8080', 'localhost:8080/v1/log'],
  ])('of %s is named %s', (origin, name) => {
    expect(logName(origin)).toBe(name);
  });
});

describe('the proof of a record', () => {
  const leaves = ['a', 'b', 'c'].map((text) => Buffer.from(`{"id":"${text}"}`));
  const [first, second, third] = leaves.map(leafHash) as [Buffer, Buffer, Buffer];
  const checkpoint = signCheckpoint(NAME, { size: 3, root: rootOf([first, second, third]) }, [key]);
  const proof = { index: 1, leaf: leaves[1]!, path: [first, third], checkpoint };
  const text = writeProof(proof);

  it('is a text from which it is read, and leads to its checkpoint', () => {
    expect(text.split('\n').slice(0, 3)).toEqual([
      'c2sp.org/tlog-proof@v1',
      `extra ${leaves[1]!.toString('base64')}`,
      'index 1',
    ]);
    expect(readProof(text)).toEqual(proof);
    expect(provedBy(readProof(text)!, [key])).toMatchObject({ size: 3, origin: NAME });
  });

  it.each<[string, Partial<typeof proof>]>([
    ['another record', { leaf: leaves[0]! }],
    ['another place', { index: 2 }],
    ['a place beyond the end', { index: 3 }],
    ['another path', { path: [third, first] }],
    ['a shorter path', { path: [first] }],
    ['another checkpoint', { checkpoint: note }],
    ['no checkpoint', { checkpoint: 'x' }],
  ])('proves nothing with %s', (_what, change) => {
    expect(provedBy({ ...proof, ...change }, [key])).toBeNull();
  });

  it('proves nothing to who has another key', () => {
    expect(provedBy(proof, [next])).toBeNull();
  });

  it.each([
    ['no text', ''],
    ['another form', text.replace('@v1', '@v2')],
    ['no leaf', text.replace(/^extra .*\n/m, '')],
    ['a hash that is too short', text.replace(first.toString('base64'), 'AAAA')],
    ['a number that is none', text.replace('index 1', 'index 01')],
    ['70 KB', text.replace('extra ', `extra ${'A'.repeat(70_000)}`)],
  ])('is not %s', (_what, changed) => {
    expect(readProof(changed)).toBeNull();
  });
});
