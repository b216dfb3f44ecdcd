import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { TermsError } from '../../src/personal-data/error.js';
import { TERMS_LANGUAGES } from '../../src/personal-data/manifest.js';
import { DEFAULT_TERMS_DIRECTORY, loadTerms, termsSubject } from '../../src/personal-data/terms.js';
import { writeTermsFolder } from '../support/terms-folder.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'qaqpa-terms-'));
  folders.push(made);
  return made;
}

async function mistakesOf(directory: string): Promise<readonly string[]> {
  const error: unknown = await loadTerms(directory, NOW).catch((thrown: unknown) => thrown);
  if (!(error instanceof TermsError)) throw new Error('the folder was accepted');
  return error.mistakes;
}

describe('the terms shipped with the program', () => {
  it('are in force, the same documents in every language, and fit into what is signed', async () => {
    const version = (await loadTerms(DEFAULT_TERMS_DIRECTORY, NOW)).at(NOW);
    for (const language of TERMS_LANGUAGES) {
      const { id, documents } = termsSubject(version, language);
      expect(id).toBe(`${version.version}/${language}`);
      expect(version.documents[language].map(({ name }) => name)).toEqual(['terms', 'privacy']);
      for (const { sha256, text } of documents) {
        expect(createHash('sha256').update(text, 'utf8').digest('hex')).toBe(sha256);
      }
    }
  });
});

describe('a folder of terms', () => {
  it('gives the version in force at a moment, and plans the next', async () => {
    const directory = folder();
    writeTermsFolder(directory, [
      { version: '1', effectiveFrom: '2026-01-01T00:00:00Z' },
      { version: '2', effectiveFrom: '2026-12-01T00:00:00+05:00' },
    ]);
    const terms = await loadTerms(directory, NOW);
    expect(terms.at(NOW).version).toBe('1');
    expect(terms.at(new Date('2026-11-30T18:59:59Z')).version).toBe('1');
    expect(terms.at(new Date('2026-11-30T19:00:00Z')).version).toBe('2');
    expect(() => terms.at(new Date('2025-12-31T23:59:59Z'))).toThrow(TermsError);
  });

  it('is refused with every mistake at once: a changed text, one that is missing, one that is not UTF-8', async () => {
    const directory = folder();
    writeTermsFolder(directory, [{ version: '1', effectiveFrom: '2026-01-01T00:00:00Z' }]);
    writeFileSync(join(directory, '1.terms.kk.txt'), 'Басқа мәтін\n');
    rmSync(join(directory, '1.terms.ru.txt'));
    const latin = Buffer.from('caf\xe9\n', 'latin1');
    writeTermsFolder(
      directory,
      [{ version: '1', effectiveFrom: '2026-01-01T00:00:00Z', bytes: { en: latin } }],
      {
        keep: ['1.terms.kk.txt', '1.terms.ru.txt'],
      },
    );
    rmSync(join(directory, '1.terms.ru.txt'), { force: true });
    expect(await mistakesOf(directory)).toEqual([
      '1.terms.kk.txt: is not the file whose SHA-256 the manifest gives',
      '1.terms.ru.txt: cannot be read',
      '1.terms.en.txt: is not UTF-8 without a byte order mark',
    ]);
  });

  it.each<[string, Buffer, string]>([
    [
      'a byte order mark',
      Buffer.from('\uFEFFtext\n'),
      '1.terms.kk.txt: is not UTF-8 without a byte order mark',
    ],
    [
      'Windows line ends',
      Buffer.from('a\r\nb\r\n'),
      'version 1/kk: a document of the terms holds characters that are not shown, or nothing',
    ],
    [
      'nothing in it',
      Buffer.from('\n'),
      'version 1/kk: a document of the terms holds characters that are not shown, or nothing',
    ],
    [
      'more than fits into a signature',
      Buffer.from('я'.repeat(31_000)),
      'version 1/kk: the terms are longer than may be signed',
    ],
    [
      'a quarter of a megabyte',
      Buffer.alloc(256 * 1024 + 1, 'a'),
      '1.terms.kk.txt: is longer than 262144 octets',
    ],
  ])('is refused for a text with %s', async (_what, bytes, mistake) => {
    const directory = folder();
    writeTermsFolder(directory, [
      { version: '1', effectiveFrom: '2026-01-01T00:00:00Z', bytes: { kk: bytes } },
    ]);
    expect(await mistakesOf(directory)).toEqual([mistake]);
  });

  it.each<[string, readonly { version: string; effectiveFrom: string }[], string]>([
    [
      'nothing is in force yet',
      [{ version: '1', effectiveFrom: '2026-11-23T05:00:01Z' }],
      'manifest.json: no version is in force yet',
    ],
    [
      'a version stands twice',
      [
        { version: '1', effectiveFrom: '2026-01-01T00:00:00Z' },
        { version: '1', effectiveFrom: '2026-02-01T00:00:00Z' },
      ],
      'manifest.json: version 1 stands twice',
    ],
    [
      'versions are out of order',
      [
        { version: '2', effectiveFrom: '2026-02-01T00:00:00Z' },
        { version: '1', effectiveFrom: '2026-02-01T00:00:00Z' },
      ],
      'manifest.json: version 1 does not begin after the one before it',
    ],
  ])('is refused when %s', async (_what, versions, mistake) => {
    const directory = folder();
    writeTermsFolder(directory, versions);
    expect(await mistakesOf(directory)).toEqual([mistake]);
  });

  it.each<[string, string]>([
    ['no JSON', '{'],
    [
      'a time without an offset',
      JSON.stringify({ versions: [{ version: '1', effectiveFrom: '2026-01-01', documents: [] }] }),
    ],
    ['an unknown field', JSON.stringify({ versions: [], comment: '' })],
    [
      'a file elsewhere',
      JSON.stringify({
        versions: [
          {
            version: '1',
            effectiveFrom: '2026-01-01T00:00:00Z',
            documents: [
              {
                name: 'terms',
                languages: Object.fromEntries(
                  TERMS_LANGUAGES.map((l) => [
                    l,
                    { title: 'T', file: '../secret.txt', sha256: '0'.repeat(64) },
                  ]),
                ),
              },
            ],
          },
        ],
      }),
    ],
  ])('is refused for a manifest with %s', async (_what, manifest) => {
    const directory = folder();
    writeFileSync(join(directory, 'manifest.json'), manifest);
    const mistakes = await mistakesOf(directory);
    expect(mistakes.length).toBeGreaterThan(0);
    for (const mistake of mistakes) expect(mistake).toMatch(/^manifest\.json: /);
  });

  it('is refused when it does not exist', async () => {
    expect(await mistakesOf(join(folder(), 'nowhere'))).toEqual(['manifest.json: cannot be read']);
  });
});
