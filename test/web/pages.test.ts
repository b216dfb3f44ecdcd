import { describe, expect, it } from '@jest/globals';
import { DEFAULT_PASSWORD_RULES } from '../../src/passwords/rules/rules.js';
import { reasonsWith } from '../../src/reasons/catalogue.js';
import { OWN_FAILURES, STAND_INS, type Tellings } from '../../src/web/browser/state.js';
import {
  LANGUAGES,
  type Language,
  pageSecurityPolicy,
  renderAccountPage,
  renderPasswordPage,
  renderProblemPage,
  renderRegisterPage,
  renderTermsPage,
  renderSignInPage,
} from '../../src/web/index.js';
import { type ShownSession } from '../../src/web/page.js';
import { TEXT } from '../../src/web/text/index.js';

const HOSTILE = `"><script>alert(1)</script>'&`;

const REASONS = reasonsWith({ attempts: 5, signingMs: 300_000 });

function signIn(language: Language, overrides: object = {}): string {
  return renderSignInPage({
    language,
    address: '/?next=%2Fme',
    origin: 'https://gate.example.kz',
    ncalayerUrl: 'wss://127.0.0.1:13579',
    ncalayerChain: null,
    next: '/me',
    registration: true,
    reasons: REASONS,
    ...overrides,
  });
}

function account(language: Language, overrides: object = {}): string {
  return renderAccountPage({
    language,
    address: '/me',
    origin: 'https://gate.example.kz',
    name: 'ҚАНАТҰЛЫ ӘЛІХАН',
    organisation: 'ЖШС «Заңгер»',
    bin: '180440012345',
    roles: [{ name: 'manager', title: 'Manager' }],
    method: 'eds',
    signedInAt: new Date('2026-11-23T05:20:00Z'),
    expiresAt: new Date('2026-11-23T13:20:00Z'),
    certificateDaysLeft: null,
    contacts: { email: null, phone: null },
    memberships: [
      {
        id: 'membership',
        current: true,
        organisation: { name: 'ЖШС «Заңгер»' },
        status: 'active',
        provisional: false,
      },
    ],
    provisionalEnded: [],
    sessions: [session({ current: true }), session({ id: 'second', organisation: null, device: null })],
    ...overrides,
  });
}

function session(overrides: object = {}): ShownSession {
  return {
    id: 'first',
    current: false,
    organisation: 'ЖШС «Заңгер»',
    method: 'eds',
    device: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
    address: '192.0.2.7',
    createdAt: new Date('2026-11-23T05:20:00Z'),
    lastSeenAt: new Date('2026-11-23T06:20:00Z'),
    ...overrides,
  };
}

function problem(language: Language, overrides: object = {}): string {
  return renderProblemPage({
    language,
    address: '/nowhere',
    origin: 'https://gate.example.kz',
    text: REASONS.REQUEST_NOT_FOUND.texts[language],
    requestId: 'req-1',
    ...overrides,
  });
}

function password(language: Language, overrides: object = {}): string {
  return renderPasswordPage({
    language,
    address: '/me/password',
    origin: 'https://gate.example.kz',
    mode: 'change',
    required: false,
    rules: DEFAULT_PASSWORD_RULES,
    context: { iin: '880101300123', names: ['ҚАНАТҰЛЫ ӘЛІХАН'], organisations: ['ЖШС «Заңгер»'] },
    next: '/me',
    ...overrides,
  });
}

const SIGNING = {
  origin: 'https://gate.example.kz',
  ncalayerUrl: 'wss://127.0.0.1:13579',
  ncalayerChain: null,
  next: '/me',
  reasons: REASONS,
  terms: { version: '2026-11-01', documents: [{ title: 'Terms', paragraphs: ['One', 'Two\nThree'] }] },
} as const;

function register(language: Language, overrides: object = {}): string {
  return renderRegisterPage({
    ...SIGNING,
    language,
    address: '/register',
    invited: false,
    rules: DEFAULT_PASSWORD_RULES,
    practices: ['sole-proprietor', 'individual'],
    ...overrides,
  });
}

function invitation(language: Language, overrides: object = {}): string {
  return register(language, { address: '/invitation', invited: true, ...overrides });
}

function terms(language: Language, overrides: object = {}): string {
  return renderTermsPage({ ...SIGNING, language, address: '/me/terms', changed: true, ...overrides });
}

const PAGES = { signIn, account, password, problem, register, invitation, terms };
const CASES = Object.entries(PAGES).flatMap(([name, render]) =>
  LANGUAGES.map((language) => [name, language, render] as const),
);

describe.each(CASES)('the page %s in %s', (_, language, render) => {
  const page = render(language);

  it('has nothing inline and asks nobody else for anything', () => {
    expect(page).not.toMatch(/<script(?![^>]*\ssrc="\/assets\/js\/)/);
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|="javascript:/i);
    expect(page.match(/(?:src|href|action)="(?!\/(?!\/)|#|\?)[^"]*"/g)).toBeNull();
  });

  it('names its language and its title, has one heading of the first level and no id twice', () => {
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toMatch(/<title>[^<]+ · Qaqpa<\/title>/);
    expect(page.match(/<h1[\s>]/g)).toHaveLength(1);
    const withoutTemplates = page.replace(/<template[\s\S]*?<\/template>/g, '');
    const ids = [...withoutTemplates.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers only to ids that exist', () => {
    const ids = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]));
    const wanted = [...page.matchAll(/(?:for|aria-labelledby|aria-describedby|aria-controls)="([^"]+)"/g)];
    expect(wanted.flatMap((match) => match[1]!.split(' ')).filter((id) => !ids.has(id))).toEqual([]);
  });

  it('offers the other languages and marks its own', () => {
    for (const other of LANGUAGES) expect(page).toMatch(new RegExp(`href="\\?[^"]*lang=${other}"`));
    expect(page.match(/aria-current="true"/g)).toHaveLength(1);
  });

  it('gives every image and every button a name or hides it', () => {
    expect(page.match(/<img(?![^>]*\salt=)/g)).toBeNull();
    expect(page.match(/<svg(?![^>]*aria-hidden="true")/g)).toBeNull();
    const buttons = [...page.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)];
    for (const [, attributes, content] of buttons) {
      const words = content!.replace(/<[^>]*>/g, '').trim();
      expect(words !== '' || /aria-label="[^"]+"/.test(attributes!)).toBe(true);
    }
  });
});

describe('the sign-in page', () => {
  it.each(LANGUAGES)('explains in %s what it finds out by itself, each with a next step', (language) => {
    const page = signIn(language);
    for (const failure of OWN_FAILURES) {
      expect(page).toContain(`<template id="failure-${failure}">`);
      expect(TEXT[language].failures[failure].steps.length).toBeGreaterThan(0);
    }
    const titles = OWN_FAILURES.map((failure) => TEXT[language].failures[failure].title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it.each(LANGUAGES)(
    'has the words in %s for refusals without words, and for the rest what is not in them',
    (language) => {
      const written = /data-tellings="([^"]*)"/.exec(signIn(language))?.[1] ?? '';
      const tellings = JSON.parse(written.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as Tellings;
      for (const code of STAND_INS) expect(tellings[code]).toMatchObject(REASONS[code].texts[language]);
      expect(tellings['CERTIFICATE_REVOKED']).toEqual({ tone: 'alarm' });
      expect(tellings['REGISTRATION_ALREADY_MEMBER']).toEqual({ way: 'sign-in' });
      expect(tellings['IDENTITY_IIN_MISSING']).toBeUndefined();
    },
  );

  it('leads to the registration only where there is one', () => {
    expect(signIn('ru')).toContain('data-way="register"');
    expect(signIn('ru', { registration: false })).not.toContain('/register');
  });

  it('hands addresses to the browser as data and cannot be broken out of', () => {
    const page = signIn('ru', {
      next: `/x?${HOSTILE}`,
      address: `/?next=${HOSTILE}`,
      ncalayerChain: [HOSTILE],
    });
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('data-ncalayer-url="wss://127.0.0.1:13579"');
    expect(signIn('ru')).toContain('data-ncalayer-chain="null"');
    expect(signIn('ru', { ncalayerChain: [] })).toContain('data-ncalayer-chain="[]"');
  });

  it('keeps the way back when the language is switched, and leads nowhere else', () => {
    expect(signIn('ru')).toContain('href="?next=%2Fme&amp;lang=kk"');
    expect(signIn('ru', { address: '//evil.example/?lang=ru' })).not.toContain('evil.example');
  });

  it('puts no password into an address even when its code does not run', () => {
    const page = signIn('en');
    expect(page).toMatch(/<form[^>]*method="post"/);
    expect(page).toMatch(/<fieldset disabled>/);
    expect(page).toContain('<noscript>');
  });
});

describe('the pages with terms', () => {
  it.each([
    ['ru', 'Условия использования', 'Условия изменились'],
    ['kk', 'Пайдалану шарттары', 'Шарттар өзгерді'],
    ['en', 'Terms of use', 'The terms have changed'],
  ] as const)('call them new in %s only for a person who accepted others', (language, first, changed) => {
    const heading = (page: string): string | undefined => /<h1 id="title">([^<]*)/.exec(page)?.[1];
    expect(heading(terms(language, { changed: false }))).toBe(first);
    expect(heading(terms(language))).toBe(changed);
  });

  it('say what is wrong with a password as an error, with the numbers in force', () => {
    const page = invitation('ru', { rules: { ...DEFAULT_PASSWORD_RULES, minLength: 21 } });
    expect(page).toContain('Пароль короче 21 знака.');
    expect(page).toContain('Пароль содержит ваше имя, ИИН');
  });

  it.each([register, terms])('show every paragraph as text', (render) => {
    const documents = [{ title: HOSTILE, paragraphs: [HOSTILE] }];
    const page = render('ru', { terms: { version: '1', documents } });
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script&gt;');
  });

  it('ask whose practice it is only where one may be registered', () => {
    expect(register('en')).toContain('value="sole-proprietor"');
    expect(register('en', { practices: [] })).not.toContain('id="kinds"');
    expect(invitation('en')).not.toContain('id="kinds"');
  });

  it('let an invitation be taken without a key, and nothing else', () => {
    expect(invitation('en')).toContain('id="password-form"');
    expect(register('en')).not.toContain('id="password-form"');
  });
});

describe('the page of a signed-in person', () => {
  it('shows who, where, how and until when', () => {
    const page = account('ru');
    for (const text of ['ҚАНАТҰЛЫ ӘЛІХАН', 'ЖШС «Заңгер»', '180440012345', 'Руководитель', 'ЭЦП']) {
      expect(page).toContain(text);
    }
    expect(page).toContain('<time datetime="2026-11-23T13:20:00.000Z">23 ноября 2026');
    expect(page).toMatch(/18:20/);
  });

  it('shows names as text and roles as their organisation calls them', () => {
    const roles = [
      { name: 'lawyer', title: 'Адвокат' },
      { name: 'constructor', title: HOSTILE },
    ];
    const page = account('en', { name: HOSTILE, organisation: HOSTILE, roles });
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('<li>Адвокат</li>');
    expect(page).not.toContain('lawyer');
  });

  it.each([
    ['kk', 'Басшы'],
    ['ru', 'Руководитель'],
    ['en', 'Manager'],
  ] as const)('calls the built-in role in %s %s', (language, title) => {
    expect(account(language)).toContain(`<li>${title}</li>`);
  });

  it('lists sessions with what is known of them, and offers to end those that are not this one', () => {
    const page = account('en');
    expect(page).toContain('<strong>Chrome, Linux</strong>');
    expect(page).toContain('<strong>Unknown device</strong>');
    expect(page).toContain('192.0.2.7');
    expect(page.match(/data-end disabled/g)).toHaveLength(1);
    expect(page).toContain('data-end-others');
    const alone = account('en', { sessions: [session({ current: true })] });
    expect(alone).not.toContain('data-end-others');
    expect(alone).toContain('data-end-all');
    expect(account('en', { sessions: [session({ device: HOSTILE, address: HOSTILE })] })).not.toContain(
      '<script>alert',
    );
  });

  it('warns of a certificate that ends soon', () => {
    expect(account('en')).not.toContain('class="notice"');
    expect(account('en', { certificateDaysLeft: 12 })).toContain('ends in 12 days');
  });

  it('does without an organisation', () => {
    const page = account('en', { organisation: null, bin: null, roles: [] });
    expect(page).toContain('No organisation');
    expect(page).not.toContain('BIN');
  });
});

describe('the password page', () => {
  it('asks for the current password only where that is the way', () => {
    expect(password('en')).toContain('id="current"');
    for (const mode of ['first', 'anew']) {
      expect(password('en', { mode })).not.toContain('id="current"');
      expect(password('en', { mode })).toContain('id="password"');
    }
    expect(password('en', { mode: 'sign-again' })).not.toContain('<form');
  });

  it('lists the rules in force with their numbers, and those alone', () => {
    const breaks = (page: string): (string | undefined)[] =>
      [...page.matchAll(/data-breaks="([^"]+)"/g)].map(([, rules]) => rules);
    expect(breaks(password('kk'))).toEqual([
      'too-short too-long',
      'character-classes',
      'context',
      'common breached',
      'reused',
    ]);
    for (const language of LANGUAGES) {
      const page = password(language, { rules: { ...DEFAULT_PASSWORD_RULES, minLength: 17, reuse: 21 } });
      for (const number of ['17', '128', '21', '90']) expect(page).toContain(number);
    }
    const bare = password('en', {
      rules: {
        ...DEFAULT_PASSWORD_RULES,
        characterClasses: 0,
        context: false,
        common: false,
        reuse: 0,
        maxAgeMs: 0,
      },
    });
    expect(breaks(bare)).toEqual(['too-short too-long']);
    expect(bare).not.toMatch(/valid for \d+ day/);
  });

  it('says why it is there and offers no way around when the password has expired', () => {
    const page = password('en', { required: true });
    expect(page).toContain('has to be changed');
    expect(page).not.toContain('id="back"');
  });

  it('shows what it is given as text', () => {
    const context = { iin: HOSTILE, names: [HOSTILE], organisations: [HOSTILE] };
    expect(password('ru', { context, next: `/x?${HOSTILE}` })).not.toContain('<script>alert');
  });
});

describe('a page of somebody signed in', () => {
  it.each(LANGUAGES)('has a way to sign out in %s, whatever it is about', (language) => {
    const wayOut = /<button[^>]* id="(?:sign-out|leave)-button"[^>]*>\s*[^<\s]/;
    const pages = [account(language), terms(language)];
    const modes = (['first', 'anew', 'change', 'sign-again'] as const).map((mode) =>
      password(language, { mode }),
    );
    for (const page of [...pages, ...modes, password(language, { required: true })]) {
      expect(page).toMatch(wayOut);
      expect(page).toMatch(/<script type="module"/);
    }
  });
});

describe('the policy the pages live under', () => {
  it('allows nothing but this origin and the one NCALayer socket', () => {
    expect(pageSecurityPolicy('wss://127.0.0.1:13579/')).toEqual({
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'"],
      'connect-src': ["'self'", 'wss://127.0.0.1:13579'],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
      'base-uri': ["'none'"],
    });
  });
});

describe('the texts', () => {
  it.each(LANGUAGES)('are complete in %s: nothing empty, placeholders kept', (language) => {
    const strings: string[] = [];
    JSON.stringify(TEXT[language], (_, value: unknown) => {
      if (typeof value === 'string') strings.push(value);
      return value;
    });
    expect(strings.filter((text) => text.trim() === '' || text !== text.trim())).toEqual([]);
    const { signIn: entry, password: words, account: mine } = TEXT[language];
    const { register: newcomers, terms: texts } = TEXT[language];
    const placeholders = new Map([
      [entry.waitSeconds, '{seconds}'],
      [words.rules.length, '{min} {max'],
      [words.rules.classes, '{count'],
      [words.rules.reuse, '{count'],
      [words.broken['too-short'], '{min'],
      [words.broken['too-long'], '{max'],
      [words.broken['character-classes'], '{count'],
      [words.age, '{days'],
      [newcomers.requested, '{organisation}'],
      [newcomers.invitedBy, '{organisation}'],
      [texts.note, '{version}'],
      [mine.certificateEnds, '{days'],
      [mine.provisionalEnded, '{organisation} {date}'],
      [mine.memberships.leaveSure, '{organisation}'],
    ]);
    expect(new Set(strings.filter((text) => text.includes('{')))).toEqual(new Set(placeholders.keys()));
    for (const [text, wanted] of placeholders) {
      for (const placeholder of wanted.split(' ')) expect(text).toContain(placeholder);
    }
  });

  it('differ between languages wherever there is something to translate', () => {
    for (const failure of OWN_FAILURES) {
      const texts = LANGUAGES.map((language) => TEXT[language].failures[failure].text);
      expect(new Set(texts).size).toBe(LANGUAGES.length);
    }
  });

  it('name the same number of steps in every language', () => {
    for (const failure of OWN_FAILURES) {
      const counts = LANGUAGES.map((language) => TEXT[language].failures[failure].steps.length);
      expect(new Set(counts).size).toBe(1);
    }
  });
});
