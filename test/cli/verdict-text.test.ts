import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { INDICATION_TEXT, SUB_INDICATION_TEXT } from '../../src/cli/verdict-text.js';
import { codesOf } from '../../src/reasons/catalogue.js';
import { meaningOf, NOTES } from '../../src/reasons/note.js';

const DOCUMENTED = new Map(
  [
    ...readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'verdict.md'), 'utf8').matchAll(
      /^\| `([A-Z0-9_]+)` +\| (.*?) +\|/gm,
    ),
  ].map((match) => [match[1]!, match[2]!]),
);
/** Everything a verdict can name. */
const REASONS = Object.fromEntries(
  codesOf('format', 'signature', 'certificate', 'revocation', 'timestamp', 'identity').map((code) => [
    code,
    meaningOf(code),
  ]),
);
const SPOKEN = new Map<string, string>(
  [INDICATION_TEXT, SUB_INDICATION_TEXT, NOTES, REASONS].flatMap((texts) => Object.entries(texts)),
);

describe('docs/verdict.md', () => {
  it('gives every code and indication the meaning the program prints', () => {
    expect(Object.fromEntries(DOCUMENTED)).toEqual(Object.fromEntries(SPOKEN));
  });
});
