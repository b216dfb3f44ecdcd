import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  Problem,
  problemDocument,
  PROBLEM_TEXTS,
  PROBLEMS,
  type ProblemCode,
} from '../../src/http/kernel/problem.js';
import { LANGUAGES } from '../../src/web/index.js';

const SRC = join(import.meta.dirname, '..', '..', 'src');
const DOCS = readFileSync(join(SRC, '..', 'docs', 'errors.md'), 'utf8');
const CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** The members of a union of string literals, read from its source: the compiler knows them, a running test does not. */
function unionMembers(file: string, name: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const declaration = new RegExp(`export type ${name} =([^;]*);`).exec(text)?.[1] ?? '';
  return [...declaration.matchAll(/'([A-Z0-9_]+)'/g)].map(([, code]) => code!);
}

describe('the table of problems', () => {
  it.each([
    ['eds/error.ts', 'FormatCode'],
    ['eds/error.ts', 'ReasonCode'],
    ['sign-in/refusal.ts', 'RefusalCode'],
    ['http/kernel/problem.ts', 'ProblemCode'],
  ])('has every code of %s %s', (file, name) => {
    const members = unionMembers(file, name);
    expect(members.length).toBeGreaterThan(10);
    expect(members.filter((code) => !CODES.includes(code as ProblemCode))).toEqual([]);
  });

  it.each(LANGUAGES)('says in %s what happened and what to do next', (language) => {
    for (const code of CODES) {
      const { title, detail } = problemDocument(new Problem(code), language, 'request');
      expect([code, title]).toEqual([code, expect.stringMatching(/\S.*\.$/)]);
      expect([code, detail]).toEqual([code, expect.stringMatching(/\S.*\.$/)]);
      expect(title).not.toBe(detail);
    }
  });

  it('speaks three languages, not one three times', () => {
    for (const situation of Object.keys(PROBLEM_TEXTS.en) as (keyof typeof PROBLEM_TEXTS.en)[]) {
      const titles = LANGUAGES.map((language) => PROBLEM_TEXTS[language][situation].title);
      expect(new Set(titles).size).toBe(3);
    }
  });

  it('stands in docs/errors.md, code by code with the right status, and nothing else does', () => {
    const rows = [...DOCS.matchAll(/^\| `([A-Z0-9_]+)` +\| (\d{3}) +\| .{5,} \|$/gm)];
    const documented = rows.map(([, code, status]) => `${code} ${status}`).sort();
    expect(documented).toEqual(CODES.map((code) => `${code} ${PROBLEMS[code].status}`).sort());
  });

  it('never answers 2xx or 3xx', () => {
    expect(CODES.filter((code) => PROBLEMS[code].status < 400)).toEqual([]);
  });
});
