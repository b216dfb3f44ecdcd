import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { qaqpa } from '../support/cli-in-process.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-passwords-'));
  const hashes = ['one', 'two', 'three'].map((word) => `${createHash('sha1').update(word).digest('hex')}:7`);
  writeFileSync(join(folder, 'list.txt'), hashes.sort().join('\r\n'));
  writeFileSync(join(folder, 'wrong.txt'), `${hashes.sort().join('\n')}\nhunter2\n`);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const set = (): string => join(folder, 'set');
const build = (source: string, ...more: string[]) =>
  qaqpa(['passwords', 'build-breached-set', join(folder, source), set(), ...more]);

describe('qaqpa passwords', () => {
  it('makes a set, and finds it sound', async () => {
    expect(await build('list.txt', '--at-least', '2')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('3 passwords of 3 lines'),
    });
    expect(await qaqpa(['passwords', 'check-breached-set', set()])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('sound, 3 passwords seen 2 times or more'),
    });
    expect(await build('list.txt')).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('is there already'),
    });
  });

  it('reads standard input', async () => {
    const input = `${'a'.repeat(40)}:1\n`;
    const made = await qaqpa(['passwords', 'build-breached-set', '-', `${set()}.piped`], { input });
    expect([made.code, made.stdout]).toEqual([0, expect.stringContaining('1 passwords of 1 lines')]);
  });

  it.each([
    [
      'the line that is wrong, and not what stands there',
      'wrong.txt',
      65,
      /wrong\.txt: line 4 is no HASH:COUNT/,
    ],
    ['a source that is missing', 'absent.txt', 65, /absent\.txt: cannot be read \(ENOENT\)/],
  ])('names %s', async (_what, source, code, message) => {
    const target = join(folder, 'never');
    const result = await qaqpa(['passwords', 'build-breached-set', join(folder, source), target]);
    expect([result.code, result.stderr]).toEqual([code, expect.stringMatching(message)]);
    expect(result.stderr).not.toContain('hunter2');
  });

  it.each([
    [[], /knows two words/],
    [['build-breached-set', 'one'], /needs SOURCE and TARGET/],
    [['build-breached-set', 'one', 'two', 'three'], /needs SOURCE and TARGET/],
    [['build-breached-set', 'one', 'two', '--at-least', '0'], /--at-least is a number/],
    [['check-breached-set'], /needs one FILE/],
    [['check-breached-set', 'one', '--at-least', '2'], /has no option/],
  ])('says how it is used: %j', async (args, message) => {
    const { code, stderr } = await qaqpa(['passwords', ...args]);
    expect([code, stderr]).toEqual([64, expect.stringMatching(message)]);
  });
});
