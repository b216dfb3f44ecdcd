import { type IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { problemLanguageOf } from '../../src/http/kernel/page-language.js';
import { Problem, problemDocument } from '../../src/http/kernel/problem.js';
import { EDS_PROBLEMS, FORMAT_PROBLEMS } from '../../src/http/shapes/eds.js';
import { CATALOGUE } from '../../src/reasons/catalogue.js';
import { LANGUAGES } from '../../src/reasons/language.js';

describe('a problem document', () => {
  it.each(LANGUAGES)('has code, status and the words of the catalogue in %s', (language) => {
    const { status, texts } = CATALOGUE.CHALLENGE_USED;
    expect(problemDocument(new Problem('CHALLENGE_USED'), CATALOGUE, language, 'request')).toEqual({
      type: 'urn:qaqpa:problem:challenge-used',
      ...texts[language],
      status,
      code: 'CHALLENGE_USED',
      requestId: 'request',
    });
  });

  const errors = [
    { path: 'iin', problem: 'is required', fault: { kind: 'missing' } },
    {
      path: '',
      problem: 'has fields that are not known: a, b',
      fault: { kind: 'unknown', names: ['a', 'b'] },
    },
    { path: '', problem: 'has fields that are not known', fault: { kind: 'unknown', names: [] } },
    { path: 'kind', problem: 'Invalid input: expected string, received number', fault: { kind: 'type' } },
    { path: 'content', problem: 'must be base64' },
  ] as const;
  const told = (language: 'kk' | 'ru' | 'en'): unknown =>
    problemDocument(new Problem('REQUEST_INVALID', { extensions: { errors } }), CATALOGUE, language, 'r')
      .errors;

  it('says in English what each field should be', () => {
    expect(told('en')).toEqual(errors.map(({ path, problem }) => ({ path, problem })));
  });

  it('says in Russian and Kazakh what is wrong with each field, without a word of English', () => {
    expect(told('ru')).toEqual([
      { path: 'iin', problem: 'обязательного поля нет' },
      { path: '', problem: 'есть неизвестные поля: a, b' },
      { path: '', problem: 'есть неизвестные поля' },
      { path: 'kind', problem: 'значение не того типа' },
      { path: 'content', problem: 'значение не подходит' },
    ]);
    expect(JSON.stringify(told('kk'))).not.toMatch(/required|expected|must|known/);
  });
});

describe('the language of a problem', () => {
  const language = (headers: IncomingMessage['headers'], navigation = false): string =>
    problemLanguageOf({ headers }, navigation);

  it.each([
    ['nothing', {}],
    ['what fetch of Node.js sends', { 'accept-language': '*', 'sec-fetch-mode': 'cors' }],
  ])('is English for a program that says %s', (_, headers) => {
    expect(language(headers)).toBe('en');
  });

  it.each([
    ['ru', { 'accept-language': 'ru' }],
    ['kk', { 'accept-language': 'kk, *;q=0.1' }],
    ['kk', { 'accept-language': 'de' }],
    ['kk', { 'sec-fetch-site': 'same-origin' }],
    ['ru', { cookie: '__Host-qaqpa-lang=ru' }],
  ])('is %s for one that sends %j', (expected, headers) => {
    expect(language(headers)).toBe(expected);
  });

  it('is Kazakh for a person who navigated there with a browser that asks for no language', () => {
    expect(language({}, true)).toBe('kk');
  });
});

describe('the problems of a signature', () => {
  it('are those of the catalogue, without what only a document can be refused for', () => {
    expect(FORMAT_PROBLEMS).toHaveLength(13);
    expect(EDS_PROBLEMS).toHaveLength(74);
    for (const code of ['SIGNATURE_IS_A_LOGIN', 'TIMESTAMP_REQUIRED'])
      expect(EDS_PROBLEMS).not.toContain(code);
    expect(EDS_PROBLEMS).toEqual(
      expect.arrayContaining([...FORMAT_PROBLEMS, 'CHALLENGE_USED', 'VERIFIER_BUSY']),
    );
  });
});
