import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { qaqpa } from '../support/cli.js';

describe('qaqpa', () => {
  it('prints the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await qaqpa(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('lists every command in its help', async () => {
    const { code, stdout } = await qaqpa(['--help']);
    expect(code).toBe(0);
    for (const name of ['verify', 'certificate', 'trust'])
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it('shows the same help for `help X` and `X --help`', async () => {
    const [asked, flagged] = await Promise.all([qaqpa(['help', 'verify']), qaqpa(['verify', '--help'])]);
    expect(asked).toEqual(flagged);
    expect(asked.code).toBe(0);
    expect(asked.stdout).toContain('Usage: qaqpa verify');
  });

  it('refuses to run without a command and says what there is', async () => {
    const { code, stdout, stderr } = await qaqpa([]);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain('Usage: qaqpa COMMAND');
  });

  it('suggests the command that was probably meant', async () => {
    const { code, stderr } = await qaqpa(['verfy']);
    expect(code).toBe(64);
    expect(stderr).toContain('did you mean "verify"?');
  });

  it.each(['constructor', '__proto__', 'nonsense-word', ''])('knows no command %j', async (word) => {
    const { code, stderr } = await qaqpa([word]);
    expect(code).toBe(64);
    expect(stderr).not.toContain('did you mean');
  });

  it('answers an unknown option with 64 and a pointer to the help', async () => {
    const { code, stderr } = await qaqpa(['verify', '--no-such-option']);
    expect(code).toBe(64);
    expect(stderr).toContain('qaqpa help verify');
  });
});
