import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPasswordSignIn } from '../../../src/sign-in/password-sign-in.js';
import { buildBreachedSet } from '../../../src/storage/breached-set/build.js';
import { HEAD, PAGE } from '../../../src/storage/breached-set/format.js';
import { type BreachedSet, openBreachedSet } from '../../../src/storage/breached-set/open.js';
import { addMember } from '../../support/members.js';
import { nextBin, nextIin } from '../../support/next-number.js';
import { openTemporaryStorage } from '../../support/temporary-storage.js';
import { knock } from '../../support/knock.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const sha1 = (password: string): string => createHash('sha1').update(password).digest('hex').toUpperCase();
/** Several pages, so that pages are searched too. */
const KNOWN = [
  ...Array.from({ length: 5000 }, (_, n) => `leaked ${n}`),
  'Терезе ашылды, 2026',
  'Menin-kiltim-2028-Ү',
];
const lines = (passwords: readonly string[], count: (n: number) => number = () => 1): string[] =>
  passwords.map((password, n) => `${sha1(password)}:${count(n)}`).sort();

let folder: string;
let set: BreachedSet;
const file = (name: string): string => join(folder, name);
const build = (text: string, name: string, atLeast?: number) =>
  buildBreachedSet(Readable.from([Buffer.from(text)]), file(name), atLeast);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-breached-'));
  // As published: lines end with CR LF.
  await build(lines(KNOWN).join('\r\n'), 'known');
  set = await openBreachedSet(file('known'));
});
afterAll(async () => {
  await set.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a breached set', () => {
  it('knows every password of its list, and none besides', async () => {
    for (const password of KNOWN) expect([password, await set.includes(password)]).toEqual([password, true]);
    for (let n = 0; n < 2000; n += 1) expect(await set.includes(`unknown ${n}`)).toBe(false);
    for (const password of ['', '\u0000', '🦊'.repeat(500), '\ud800'])
      expect(await set.includes(password)).toBe(false);
  });

  it('knows a password whichever way its characters were composed', async () => {
    await build(lines(['й и ё']).join('\n'), 'composed');
    const composed = await openBreachedSet(file('composed'));
    expect(await composed.includes('й и ё'.normalize('NFD'))).toBe(true);
    await composed.close();
  });

  it('is asked by many at once', async () => {
    const answers = await Promise.all(KNOWN.slice(0, 200).map((password) => set.includes(password)));
    expect(new Set(answers)).toEqual(new Set([true]));
  });

  it('takes four octets a password and an index', () => {
    expect(statSync(file('known')).size).toBe(HEAD + 5 * PAGE);
  });

  it('is the same however the list comes in pieces, and with a line feed at its end', async () => {
    const text = `${lines(KNOWN).join('\n')}\n`;
    const pieces = Array.from({ length: Math.ceil(text.length / 7919) }, (_, n) =>
      Buffer.from(text.slice(n * 7919, (n + 1) * 7919)),
    );
    const built = await buildBreachedSet(Readable.from(pieces), file('pieces'));
    expect(built).toEqual({ lines: KNOWN.length, entries: KNOWN.length });
    expect(readFileSync(file('pieces')).equals(readFileSync(file('known')))).toBe(true);
  });

  it('leaves out what was seen seldom', async () => {
    const seen = lines(['often', 'seldom'], (n) => (n === 0 ? 10 : 9));
    expect(await build(seen.join('\n'), 'often', 10)).toEqual({ lines: 2, entries: 1 });
    const often = await openBreachedSet(file('often'));
    expect([await often.includes('often'), await often.includes('seldom'), often.atLeast]).toEqual([
      true,
      false,
      10,
    ]);
    await often.close();
  });

  it('holds the first and the last hash there can be', async () => {
    await build(`${'0'.repeat(40)}:1\n${'f'.repeat(40)}:1`, 'ends');
    const ends = await openBreachedSet(file('ends'));
    await ends.verify();
    expect(ends.entries).toBe(2);
    await ends.close();
  });

  it('goes on answering when another takes its place', async () => {
    copyFileSync(file('known'), file('replaced'));
    const first = await openBreachedSet(file('replaced'));
    rmSync(file('replaced'));
    await build(lines(['another']).join('\n'), 'replaced');
    expect(await first.includes('leaked 1')).toBe(true);
    await first.close();
  });
});

describe('a file that is no whole breached set', () => {
  const damaged = (name: string, at: number): string => {
    const octets = readFileSync(file('known'));
    octets[at]! ^= 1;
    writeFileSync(file(name), octets);
    return file(name);
  };
  const opening = async (path: string): Promise<void> => {
    const opened = await openBreachedSet(path);
    try {
      await opened.verify();
    } finally {
      await opened.close();
    }
  };

  it.each([
    ['is missing', () => file('nowhere'), /cannot be opened/],
    ['is a folder', () => folder, /cannot be read/],
    ['is empty', () => (writeFileSync(file('empty'), ''), file('empty')), /is no breached set/],
    [
      'is the list itself',
      () => (writeFileSync(file('list'), lines(KNOWN).join('\n')), file('list')),
      /is no breached set/,
    ],
    [
      'lacks its last octet',
      () => (
        copyFileSync(file('known'), file('cut')),
        truncateSync(file('cut'), HEAD + 5 * PAGE - 1),
        file('cut')
      ),
      /has \d+ octets/,
    ],
    [
      'ends within its index',
      () => (copyFileSync(file('known'), file('short')), truncateSync(file('short'), 1000), file('short')),
      /is no breached set/,
    ],
    [
      'has an octet too many',
      () => (
        writeFileSync(file('long'), Buffer.concat([readFileSync(file('known')), Buffer.of(0)])),
        file('long')
      ),
      /has \d+ octets/,
    ],
    ['is of another version', () => damaged('version', 11), /version 0/],
    ['has a turned bit in its number of entries', () => damaged('count', 15), /checksum/],
    ['has a turned bit in its index', () => damaged('index', 5000), /index has another checksum/],
    ['has a turned bit in its first page', () => damaged('page', HEAD + 3), /page 0 has another checksum/],
    [
      'has a turned bit in its last octet',
      () => damaged('last', HEAD + 5 * PAGE - 1),
      /page 4 has another checksum/,
    ],
  ])('is refused: it %s', async (_what, path, message) => {
    await expect(opening(path())).rejects.toMatchObject({
      code: 'BREACHED_SET_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('lets no password through that it cannot be asked about', async () => {
    const octets = readFileSync(file('known'));
    for (let page = 0; page < 5; page += 1) octets[HEAD + page * PAGE]! ^= 1;
    writeFileSync(file('rotten'), octets);
    const rotten = await openBreachedSet(file('rotten'));
    const { storage, remove } = await openTemporaryStorage({ breached: rotten });
    await expect(storage.passwords.prepare(nextIin(), 'Menin-kiltim-2028-Ү')).rejects.toMatchObject({
      code: 'BREACHED_SET_INVALID',
    });
    await remove();
  });

  it('is refused also where it is cut off after it was opened', async () => {
    copyFileSync(file('known'), file('overwritten'));
    const overwritten = await openBreachedSet(file('overwritten'));
    truncateSync(file('overwritten'), HEAD);
    const failure = { code: 'BREACHED_SET_INVALID', message: expect.stringMatching(/page \d is not there/) };
    await expect(overwritten.includes('leaked 1')).rejects.toMatchObject(failure);
    await expect(overwritten.verify()).rejects.toMatchObject(failure);
    await overwritten.close();
  });
});

describe('a list that is not what is published', () => {
  const [a, b] = lines(['one', 'two']) as [string, string];
  it.each([
    ['nothing', '', /^the list is empty$/],
    ['an empty line', `${a}\n\n${b}`, /^line 2 is no HASH:COUNT/],
    ['passwords', 'password\n123456', /^line 1 is no HASH:COUNT/],
    ['hashes of another kind', `${'0'.repeat(32)}:1`, /^line 1 is no HASH:COUNT/],
    ['longer hashes', `${'0'.repeat(64)}:1`, /^line 1 has no colon/],
    ['no counts', `${a.slice(0, 40)}\n`, /^line 1 has no colon/],
    ['an empty count', `${a}\n${b.slice(0, 41)}\n`, /^line 2 has no number/],
    ['a count of none', `${a.slice(0, 41)}0`, /^line 1 has no number/],
    ['a count that is none', `${a}x`, /^line 1 has no number/],
    ['an order by count', `${b}\n${a}`, /^line 2 is not in order/],
    ['a line cut off', `${a}\n${b.slice(0, 20)}`, /^line 2 is no HASH:COUNT/],
    ['a count without an end', `${a}${'1'.repeat(100_000)}\n${b}`, /^line 1 is longer than 64 octets/],
    ['an archive', '7z\xbc\xaf\x27\x1c'.repeat(1000), /^line 1 is no HASH:COUNT/],
    ['nothing so frequent', `${a}\n${b}`, /^nothing in the list was seen 5 times$/],
  ])('is refused with its line: %s', async (what, text, message) => {
    await expect(build(text, 'refused', what === 'nothing so frequent' ? 5 : 1)).rejects.toMatchObject({
      name: 'BreachedSourceError',
      message: expect.stringMatching(message),
    });
    expect([existsSync(file('refused')), existsSync(file('refused.unfinished'))]).toEqual([false, false]);
  });

  it('is not written over what is there', async () => {
    await expect(build(a, 'known')).rejects.toMatchObject({
      message: expect.stringMatching(/is there already/),
    });
    expect(await set.includes('leaked 1')).toBe(true);
  });

  it('leaves nothing when its source breaks off', async () => {
    const source = Readable.from(
      (async function* () {
        yield Buffer.from(`${a}\n`);
        await Promise.reject(new Error('the disk was pulled out'));
      })(),
    );
    await expect(buildBreachedSet(source, file('broken'))).rejects.toThrow('pulled out');
    expect([existsSync(file('broken')), existsSync(file('broken.unfinished'))]).toEqual([false, false]);
  });
});

it('keeps a known password from being set, and has one changed that lets in', async () => {
  const known = 'Терезе ашылды, 2026';
  const { storage, config, remove } = await openTemporaryStorage();
  const iin = nextIin();
  await storage.accounts.addPerson({ iin, name: 'Айгүл' }, NOW);
  const { id } = await storage.accounts.addOrganisation({ name: 'Терек', bin: nextBin() }, NOW);
  await addMember(storage.accounts, { organisationId: id, iin }, NOW);
  // Before the operator had the set.
  await storage.passwords.set(iin, await storage.passwords.prepare(iin, known), NOW);
  const { openServices } = await import('../../../src/services.js');
  const careful = await openServices({ ...config, breached: await openBreachedSet(file('known')) });
  try {
    await expect(careful.passwords.prepare(iin, 'Menin-kiltim-2028-Ү')).rejects.toMatchObject({
      broken: ['breached'],
    });
    const login = createPasswordSignIn({ storage: careful });
    const result = await login.complete({ iin, password: known, organisationId: null }, knock(NOW));
    expect(result).toMatchObject({ outcome: 'admitted', session: { obligations: ['change-password'] } });
  } finally {
    await careful.close();
    await remove();
  }
});
