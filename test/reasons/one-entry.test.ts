import { describe, expect, it } from '@jest/globals';
import { operation } from '../../src/http/kernel/operation.js';
import { Problem, problemDocument } from '../../src/http/kernel/problem.js';
import { openApiDocument } from '../../src/http/openapi.js';
import { catalogueOf, type Code, type Reasons, SUBJECTS } from '../../src/reasons/catalogue.js';
import { errorTables } from '../../src/reasons/document.js';
import { LANGUAGES } from '../../src/reasons/language.js';
import { meaningOf } from '../../src/reasons/note.js';
import { type Reason } from '../../src/reasons/reason.js';
import { wordedReasons } from '../../src/reasons/wording.js';
import { type Tellings } from '../../src/web/browser/state.js';
import { renderProblemPage, renderSignInPage } from '../../src/web/index.js';

const ENTRY: Reason = {
  status: 409,
  meaning: 'the role sleeps between midnight and six',
  who: 'manager',
  tone: 'alarm',
  way: 'reload',
  texts: {
    kk: { title: 'Рөл ұйықтап жатыр.', detail: '{attempts} рет қағыңыз.' },
    ru: { title: 'Роль спит.', detail: 'Постучите {attempts:раз|раза|раз}.' },
    en: { title: 'The role is asleep.', detail: 'Knock {attempts:time|times}.' },
  },
};
const CODE = 'ROLE_ASLEEP' as Code;
const ORIGIN = 'https://gate.example.kz';

const subjects = {
  ...SUBJECTS,
  role: { ...SUBJECTS.role, reasons: { ...SUBJECTS.role.reasons, [CODE]: ENTRY } },
};
const reasons = wordedReasons(catalogueOf(subjects), { attempts: 3, signingMs: 60_000 }) as Reasons;

const DETAILS = { kk: '3 рет қағыңыз.', ru: 'Постучите 3 раза.', en: 'Knock 3 times.' };

describe('one more entry of the catalogue', () => {
  it.each(LANGUAGES)('is a problem document in %s', (language) => {
    expect(problemDocument(new Problem(CODE), reasons, language, 'request')).toEqual({
      type: 'urn:qaqpa:problem:role-asleep',
      title: ENTRY.texts[language].title,
      detail: DETAILS[language],
      status: 409,
      code: CODE,
      requestId: 'request',
    });
  });

  it.each(LANGUAGES)('is told by the page of a signature in %s with its tone and its way', (language) => {
    const page = renderSignInPage({
      language,
      address: '/',
      origin: ORIGIN,
      ncalayerUrl: 'wss://127.0.0.1:13579',
      ncalayerChain: null,
      next: '/me',
      registration: true,
      reasons,
    });
    const written = /data-tellings="([^"]*)"/
      .exec(page)?.[1]
      ?.replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');
    const tellings = JSON.parse(written ?? '{}') as Tellings;
    expect(tellings[CODE]).toEqual({ tone: 'alarm', way: 'reload' });
    expect(page).toContain('data-way="reload"');
  });

  it('is the page of a person who navigated into it', () => {
    const text = reasons[CODE].texts.ru;
    const page = renderProblemPage({ language: 'ru', address: '/', origin: ORIGIN, text, requestId: 'r' });
    for (const words of ['Роль спит.', 'Постучите 3 раза.']) expect(page).toContain(words);
  });

  it('stands in the OpenAPI document of the operations that answer it, under its status', () => {
    const sleepy = operation({
      id: 'wake',
      method: 'get',
      path: '/v1/wake',
      summary: 'Wakes',
      tag: 'roles',
      access: 'open',
      limit: null,
      replies: { 204: { description: 'Awake' } },
      problems: [CODE],
      handle: () => Promise.resolve({ status: 204 }),
    });
    const document = openApiDocument([sleepy], ORIGIN, '1', reasons);
    expect(document).toMatchObject({
      paths: { '/v1/wake': { get: { responses: { 409: { description: CODE } } } } },
    });
  });

  it('is explained on the command line', () => {
    expect(meaningOf(CODE as Parameters<typeof meaningOf>[0], reasons)).toBe(ENTRY.meaning);
  });

  it('is a row of docs/errors.md', () => {
    expect(errorTables(subjects)).toContain(
      `| \`${CODE}\` | 409 | ${ENTRY.meaning} | a manager of the organisation |`,
    );
  });
});
