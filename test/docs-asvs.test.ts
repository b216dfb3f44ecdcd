/** docs/security: every requirement of ASVS stands there once, with what shows it, and what is named exists. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

/** How many requirements of level 1 and 2 each section of ASVS 5.0.0 has; within a section they are numbered in this order. */
// prettier-ignore
const SECTIONS: Readonly<Record<string, readonly [level1: number, level2: number]>> = {
  '1.1': [0, 2], '1.2': [5, 4], '1.3': [2, 9], '1.4': [0, 3], '1.5': [1, 1],
  '2.1': [1, 2], '2.2': [2, 1], '2.3': [1, 3], '2.4': [0, 1],
  '3.2': [2, 0], '3.3': [1, 3], '3.4': [2, 4], '3.5': [3, 2], '3.7': [0, 2],
  '4.1': [1, 2], '4.2': [0, 1], '4.3': [0, 2], '4.4': [1, 3],
  '5.1': [0, 1], '5.2': [2, 1], '5.3': [2, 0], '5.4': [0, 3],
  '6.1': [1, 2], '6.2': [8, 4], '6.3': [2, 2], '6.4': [2, 2], '6.5': [0, 5], '6.6': [0, 3], '6.8': [0, 4],
  '7.1': [0, 3], '7.2': [4, 0], '7.3': [0, 2], '7.4': [2, 3], '7.5': [0, 2], '7.6': [0, 2],
  '8.1': [1, 1], '8.2': [2, 1], '8.3': [1, 0], '8.4': [0, 1],
  '9.1': [3, 0], '9.2': [1, 3],
  '10.1': [0, 2], '10.2': [0, 2], '10.3': [0, 4], '10.4': [5, 6], '10.5': [0, 5], '10.6': [0, 2], '10.7': [0, 3],
  '11.1': [0, 2], '11.2': [0, 3], '11.3': [2, 1], '11.4': [1, 3], '11.5': [0, 1], '11.6': [0, 1],
  '12.1': [1, 2], '12.2': [2, 0], '12.3': [0, 4],
  '13.1': [0, 1], '13.2': [0, 5], '13.3': [0, 2], '13.4': [1, 4],
  '14.1': [0, 2], '14.2': [1, 3], '14.3': [1, 2],
  '15.1': [1, 2], '15.2': [1, 2], '15.3': [1, 6],
  '16.1': [0, 1], '16.2': [0, 5], '16.3': [0, 4], '16.4': [0, 3], '16.5': [0, 3],
  '17.1': [0, 1], '17.2': [0, 4], '17.3': [0, 2],
};
const REQUIREMENTS = Object.entries(SECTIONS).flatMap(([section, [level1, level2]]) =>
  Array.from({ length: level1 + level2 }, (_, index) => `${section}.${index + 1} L${index < level1 ? 1 : 2}`),
);

const STATUSES = ['met', 'partly', 'not met', 'deviation', 'not applicable'] as const;

interface Row {
  readonly number: string;
  readonly level: string;
  readonly subject: string;
  readonly status: string;
  readonly evidence: string;
  readonly remark: string;
}

/** The cells of every line of a table. */
function cellsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(1, -1).split('|'))
    .map((cells) => cells.map((cell) => cell.trim()));
}

const TABLE = cellsOf(read('docs/security/asvs.md'));
const ROWS = TABLE.flatMap(
  ([number = '', level = '', subject = '', status = '', evidence = '', remark = '']): Row[] =>
    /^\d/.test(number) && number.includes('.') ? [{ number, level, subject, status, evidence, remark }] : [],
);

/** What is written as a path: with a folder of ours, or a file of the root. */
const PATH =
  /^(?:(?:src|test|docs|deploy|certs|terms|bench|scripts)\/[\w./-]*|Dockerfile|\.dockerignore|[\w.-]+\.(?:md|json|js))$/;

/** Paths named in backticks. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, named]) => named!).filter((named) => PATH.test(named));
}

const absentOf = (paths: readonly string[]): string[] =>
  paths.filter((path) => !existsSync(join(ROOT, path)));

describe('the table of ASVS', () => {
  it('has every requirement of levels 1 and 2 once, in the order of the standard', () => {
    expect(REQUIREMENTS.length).toBe(253);
    expect(REQUIREMENTS.filter((requirement) => !requirement.startsWith('17.')).length).toBe(246);
    expect(ROWS.map(({ number, level }) => `${number} L${level}`)).toEqual(REQUIREMENTS);
  });

  it('says of each in a few words what it is about', () => {
    const wordy = ROWS.filter(({ subject }) => subject === '' || subject.split(/\s+/).length > 12);
    expect(wordy.map(({ number }) => number)).toEqual([]);
  });

  it('knows five statuses, and their sums', () => {
    const statuses: readonly string[] = STATUSES;
    expect(ROWS.filter(({ status }) => !statuses.includes(status))).toEqual([]);
    const sums = STATUSES.map((status) => String(ROWS.filter((row) => row.status === status).length));
    const head = TABLE.findIndex(([first, second]) => first === 'met' && second === 'partly');
    expect(TABLE[head]).toEqual([...STATUSES, 'in all']);
    expect(TABLE[head + 2]).toEqual([...sums, String(ROWS.length)]);
  });

  it('names nothing but paths as evidence, and only such as are there', () => {
    for (const { number, evidence } of ROWS) {
      const paths = pathsIn(evidence);
      expect([number, evidence]).toEqual([number, paths.map((path) => `\`${path}\``).join(' ')]);
      expect([number, absentOf(paths)]).toEqual([number, []]);
    }
  });

  it('has evidence for what is met, and words for what is not', () => {
    const unproved = ROWS.filter(({ status, evidence }) => status === 'met' && evidence === '');
    const unexplained = ROWS.filter(({ status, remark }) => status !== 'met' && remark === '');
    const documented = ({ evidence, remark }: Row): boolean => evidence !== '' && remark !== '';
    const silent = ROWS.filter((row) => row.status === 'deviation' && !documented(row));
    expect([unproved, unexplained, silent].map((rows) => rows.map(({ number }) => number))).toEqual([
      [],
      [],
      [],
    ]);
  });
});

describe('what is written about security', () => {
  it.each(['SECURITY.md', 'docs/security/inventory.md', 'docs/security/asvs.md'])(
    'in %s names no file and leads nowhere that does not exist',
    (name) => {
      const text = read(name);
      const paths = pathsIn(text);
      const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target!);
      const local = links.filter((target) => !/^[a-z]+:/.test(target));
      expect(paths.length).toBeGreaterThan(10);
      expect(absentOf(paths)).toEqual([]);
      expect(local.filter((target) => !existsSync(resolve(ROOT, name, '..', target)))).toEqual([]);
    },
  );

  it('quotes tests by the names they have', () => {
    for (const [, path, title] of read('SECURITY.md').matchAll(/`(test\/[\w./-]+)`,\s+"([^"]+)"/g)) {
      expect([path, read(path!).includes(title!)]).toEqual([path, true]);
    }
  });

  it('names settings that there are', () => {
    const settings = new Set(
      cellsOf(read('docs/configuration.md')).map(([first = '']) => first.replaceAll('`', '')),
    );
    const named = ['SECURITY.md', 'docs/security/inventory.md', 'docs/security/asvs.md']
      .flatMap((name) => [...read(name).matchAll(/QAQPA_[A-Z0-9_]+/g)])
      .map(([setting]) => setting);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((setting) => !settings.has(setting))).toEqual([]);
  });
});
