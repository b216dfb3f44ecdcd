import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CATALOGUE, type Code, reasonsWith, type Subject, SUBJECTS } from '../../src/reasons/catalogue.js';
import { errorTables } from '../../src/reasons/document.js';
import { LANGUAGES } from '../../src/reasons/language.js';

const CODES = Object.keys(CATALOGUE) as Code[];
const NUMBERS = { attempts: 3, signingMs: 90_000 };
const REASONS = reasonsWith(NUMBERS);
const DOCS = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'errors.md'), 'utf8');

/** Cells of the rows of the tables, and the headings, without the white space that only aligns them. */
function tables(markdown: string): string[] {
  const lines = markdown.split('\n').filter((line) => /^(## |\| `)/.test(line));
  return lines.map((line) => line.replaceAll(/\s*\|\s*/g, '|').trim());
}

describe('the catalogue of reasons', () => {
  it('has every code once', () => {
    const listed = Object.values<Subject>(SUBJECTS).flatMap(({ reasons }) => Object.keys(reasons));
    expect(listed.length).toBeGreaterThan(130);
    expect(listed.toSorted()).toEqual(CODES.toSorted());
  });

  it('never answers 2xx or 3xx', () => {
    expect(CODES.filter((code) => CATALOGUE[code].status < 400)).toEqual([]);
  });

  it.each(LANGUAGES)('says in %s what happened and what to do, in sentences', (language) => {
    for (const code of CODES) {
      const { title, detail } = REASONS[code].texts[language];
      expect([code, title]).toEqual([code, expect.stringMatching(/^\S.*\S\.$/)]);
      expect([code, detail]).toEqual([code, expect.stringMatching(/^\S.*\S\.$/)]);
      expect(title).not.toBe(detail);
    }
  });

  it('speaks three languages, not one three times', () => {
    for (const code of CODES) {
      const { kk, ru, en } = REASONS[code].texts;
      expect([code, new Set([kk.title, ru.title, en.title]).size]).toEqual([code, 3]);
      expect([code, new Set([kk.detail, ru.detail, en.detail]).size]).toEqual([code, 3]);
    }
  });

  it('has one form for the EDS and one for its certificate in a language', () => {
    const all = (language: 'kk' | 'ru'): string =>
      CODES.map((code) => Object.values(REASONS[code].texts[language]).join(' ')).join('\n');
    expect(all('ru')).not.toMatch(/по ЭЦП|ключом ЭЦП/);
    expect(all('kk')).not.toMatch(/ЭЦҚ-мен|өтініш|кері қайтарды/);
  });

  it('takes its numbers from the configuration', () => {
    expect(REASONS.PASSWORD_WRONG.texts.ru.detail).toContain('После 3 ошибок подряд');
    expect(REASONS.PASSWORD_WRONG.texts.kk.detail).toContain('Қатарынан 3 қатеден');
    expect(REASONS.PASSWORD_CURRENT_WRONG.texts.en.detail).toContain('After 3 wrong attempts in a row');
    expect(REASONS.CHALLENGE_EXPIRED.texts.ru.detail).toContain('Время на подпись: 90 секунд.');
    const { PASSWORD_WRONG, CHALLENGE_EXPIRED } = reasonsWith({ attempts: 1, signingMs: 300_000 });
    expect(PASSWORD_WRONG.texts.ru.detail).toContain('После 1 ошибки подряд');
    expect(PASSWORD_WRONG.texts.en.detail).toContain('After 1 wrong attempt in a row');
    expect(CHALLENGE_EXPIRED.texts.kk.detail).toContain('5 минут');
    expect(CHALLENGE_EXPIRED.texts.en.detail).toContain('5 minutes');
  });

  it('leaves no placeholder unfilled', () => {
    expect(JSON.stringify(REASONS)).not.toMatch(/\{\w+(:[^}]*)?\}/);
  });

  it('is docs/errors.md', () => {
    // `npm run docs:errors` writes it.
    expect(tables(DOCS)).toEqual(tables(errorTables(SUBJECTS)));
  });

  it('is quoted rightly by the example in docs/errors.md', () => {
    const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(DOCS)?.[1] ?? '') as {
      readonly code: Code;
      readonly title: string;
      readonly detail: string;
      readonly status: number;
    };
    const { status, texts } = REASONS[example.code];
    expect(example).toMatchObject({ status, ...texts.en });
  });
});
