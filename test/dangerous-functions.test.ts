/** Functions that turn text into program, markup or a command: where they may stand, which is almost nowhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const SRC = join(import.meta.dirname, '..', 'src');
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  // The laboratory is no part of the gateway.
  .filter((file) => file.endsWith('.ts') && !file.startsWith('lab/'));

const filesWith = (pattern: RegExp, under = ''): string[] =>
  FILES.filter(
    (file) => file.startsWith(under) && pattern.test(readFileSync(join(SRC, file), 'utf8')),
  ).sort();

describe('the sources of the gateway', () => {
  it('are read here at all', () => {
    expect(FILES.length).toBeGreaterThan(300);
    expect(filesWith(/createHash\(/)).toContain('sessions/sessions.ts');
  });

  it('start no program', () => {
    expect(filesWith(/child_process|\bexecFile|\bexecSync|\bspawn\(/)).toEqual([]);
  });

  it('make no program of text, but for a thread whose text is written there', () => {
    expect(filesWith(/\beval\(|new Function\(|\bsetTimeout\(['"`]/)).toEqual([]);
    expect(filesWith(/\beval: true/)).toEqual(['passwords/threads.ts']);
    // The name of a function of the runtime.
    expect(filesWith(/node:vm|runIn\w*Context\((?!'gc'\))/)).toEqual(['memory/garbage.ts']);
    expect(filesWith(/runIn\w*Context\((?!'gc'\))/)).toEqual([]);
  });

  it('make patterns of constants alone', () => {
    expect(filesWith(/new RegExp\(/)).toEqual([
      'accounts/naming.ts',
      'challenge/subject.ts',
      'eds/identity.ts',
      'telemetry/mask.ts',
    ]);
  });

  it('hold statements of the database as text in migrations, and where the text is constants of the file', () => {
    expect(filesWith(/\bsql\.raw\(/)).toEqual([
      'storage/keys/sealed-values.ts',
      'storage/migrations/migrate.ts',
      'storage/tables/sql-belonging.ts',
    ]);
    // Constants that an index of part of a table, or a plan made once for every value, has to see.
    const literals = FILES.flatMap((file) =>
      [...readFileSync(join(SRC, file), 'utf8').matchAll(/\bsql\.lit\(([^\n]*?)\)/g)].map(
        ([, value = '']) => `${file}: ${value}`,
      ),
    );
    expect(literals).toEqual([
      'storage/tables/audit-settled.ts: NUMBERING',
      'storage/tables/audit-tree.ts: TILE_WIDTH ** level',
      'storage/tables/audit-tree.ts: level',
      'storage/tables/audit-tree.ts: TILE_WIDTH',
      'storage/tables/audit-tree.ts: TILE_WIDTH',
      'storage/tables/sql-members.ts: `%"${MANAGER}"%`',
      'storage/upkeep/sealing.ts: COUNTED_MAX',
    ]);
  });

  it('take no random number for a secret that is none', () => {
    // How long is waited: for a busy database, before a unit that collided is run again, before the next beat of a job; and a slot of the probe.
    expect(filesWith(/Math\.random\(/)).toEqual([
      'periodic.ts',
      'storage/engines/sqlite.ts',
      'storage/engines/transaction.ts',
      'storage/tables/sql-audit.ts',
    ]);
  });
});

describe('the pages', () => {
  it.each([
    [
      'make no markup of text',
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment/,
    ],
    [
      'keep nothing in the browser and read no cookie',
      /localStorage|sessionStorage|indexedDB|document\.cookie|caches\./,
    ],
    ['listen to no messages of other windows', /postMessage|'message'.*window|window\.opener/],
  ])('%s', (_what, pattern) => {
    expect(filesWith(/./, 'web/browser/').length).toBeGreaterThan(10);
    expect(filesWith(pattern, 'web/browser/')).toEqual([]);
  });
});
