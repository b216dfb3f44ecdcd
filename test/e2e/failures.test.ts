import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Browser, type Page } from 'playwright-core';
import { parseIin } from '../../src/accounts/national-number.js';
import { type LabKey, signXml } from '../../src/lab/index.js';
import { nextIin } from '../support/lab-gateway.js';
import {
  describeInChromium,
  failureOf,
  launchChromium,
  openPage,
  openSignInWorld,
  type SignInWorld,
} from './sign-in-world.js';

const DAY = 86_400_000;

describeInChromium('a sign-in that fails', () => {
  let world: SignInWorld;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let closePage: () => Promise<void>;
  let good: LabKey;

  beforeAll(async () => {
    [world, browser] = await Promise.all([openSignInWorld(), launchChromium()]);
    good = (await world.admit('ДҰРЫС')).key;
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  beforeEach(async () => {
    ({ page, complaints, close: closePage } = await openPage(browser, world));
    world.hold(good);
  });

  afterEach(async () => {
    world.ncalayer.behave('honest');
    world.ncalayer.answerWith(null);
    world.ocsp.behave('honest');
    world.beforeSigning = () => undefined;
    await closePage();
  });

  /** Presses the button and returns the failure explained; checks what every explanation must do. */
  async function tryToSignIn(): Promise<string | null> {
    await page.click('#eds-button');
    const failure = await failureOf(page);
    expect(await page.evaluate('document.activeElement?.id')).toBe('failure-title');
    expect((await page.locator('#outcome p:visible').first().innerText()).length).toBeGreaterThan(10);
    expect(await page.getByRole('button', { name: 'Попробовать ещё раз' }).isEnabled()).toBe(true);
    expect(complaints).toEqual([]);
    return failure;
  }

  function issue(overrides: object): Promise<LabKey> {
    const { bin, organisation } = world;
    return world.lab.issue({
      kind: 'employee',
      algorithm: 'gost2015-512',
      surname: 'ҚАТЕ',
      givenName: 'ТЕСТ',
      iin: nextIin(),
      bin,
      organisation: organisation.name,
      ...overrides,
    });
  }

  it.each(['cancel', 'cancel-message', 'cancel-code'] as const)(
    'says that the person cancelled (%s), and a second try works',
    async (mode) => {
      world.ncalayer.behave(mode);
      expect(await tryToSignIn()).toBe('cancelled');
      world.ncalayer.behave('honest');
      await page.getByRole('button', { name: 'Попробовать ещё раз' }).click();
      await page.waitForURL('**/me');
    },
    60_000,
  );

  it.each([
    ['error', 'ncalayer-refused'],
    ['general-error', 'ncalayer-refused'],
    ['garbage', 'ncalayer-refused'],
    ['module-missing', 'ncalayer-outdated'],
    ['disconnect', 'ncalayer-disconnected'],
    ['garbage-result', 'FORMAT_UNRECOGNISED'],
    ['other-bytes', 'SIGNATURE_CONTENT_MISMATCH'],
  ] as const)(
    'tells what NCALayer did: %s is %s',
    async (mode, failure) => {
      world.ncalayer.behave(mode);
      expect(await tryToSignIn()).toBe(failure);
    },
    60_000,
  );

  it('ends the waiting at once when NCALayer answers with something the page does not know, and says what in its log', async () => {
    const logged: string[] = [];
    page.on('console', (message) => logged.push(message.text()));
    const frames: readonly (string | Uint8Array)[] = [
      '{"status":"true","body":{"result":["MIIC"]}}',
      '{"result":"c3RhbGU="}',
      '{"message":"something"}',
      'null',
      Buffer.from('{"status":true}'),
    ];
    for (const frame of frames) {
      world.ncalayer.answerWith(frame);
      expect(await tryToSignIn()).toBe('ncalayer-refused');
      const code = typeof frame === 'string' ? 'UNEXPECTED_RESULT' : 'UNREADABLE_ANSWER';
      expect(await page.locator('#outcome .reference').innerText()).toContain(code);
      expect(await page.locator('#outcome').innerText()).not.toContain('something');
      await page.reload();
    }
    expect(logged).toContain('NCALayer: UNEXPECTED_RESULT something');
    for (const frame of ['{"code":"200","result":"MIIC"}', '{"code":200,"responseObject":"MIIC"}']) {
      world.ncalayer.answerWith(frame);
      expect(await tryToSignIn()).toMatch(/^(ASN1|CMS|FORMAT|PEM)_/);
      await page.reload();
    }
  }, 60_000);

  it.each([
    ['kk-KZ', 'Мұндай түрдегі қолтаңба', 'көлемнен үлкен', 'Сұрау тым үлкен'],
    ['ru-RU', 'Подписи такого вида', 'больше допустимого', 'Запрос слишком велик'],
    ['en-GB', 'Signatures of this kind', 'larger than the limit', 'The request is too large'],
  ])(
    'tells a signature that is not judged from one that is too large, in the reader’s language (%s)',
    async (locale, unsupported, large, request) => {
      await closePage();
      ({ page, complaints, close: closePage } = await openPage(browser, world, { locale }));
      const deep = Buffer.from('3080'.repeat(100), 'hex').toString('base64');
      const cases = [
        [signXml(good, '<a/>'), unsupported, 'FORMAT_NOT_SUPPORTED'],
        [deep, large, 'ASN1_TOO_DEEP'],
        ['A'.repeat(400_000), request, 'REQUEST_TOO_LARGE'],
      ] as const;
      for (const [signature, title, code] of cases) {
        world.ncalayer.answerWith(JSON.stringify({ status: true, body: { result: [signature] } }));
        await page.click('#eds-button');
        expect(await failureOf(page)).toBe(code);
        expect(await page.locator('#failure-title').innerText()).toContain(title);
        expect(await page.locator('#outcome .reference').innerText()).toContain(code);
        expect(complaints).toEqual([]);
        await page.reload();
      }
    },
    60_000,
  );

  it('notices that NCALayer is not running, and goes on once it is', async () => {
    await world.ncalayer.close();
    expect(await tryToSignIn()).toBe('ncalayer-not-running');
    await world.startNcalayer();
    await page.getByRole('button', { name: 'Попробовать ещё раз' }).click();
    await page.waitForURL('**/me');
  }, 60_000);

  it('says on a phone that NCALayer is for computers, and opens the other way', async () => {
    await closePage();
    ({
      page,
      complaints,
      close: closePage,
    } = await openPage(browser, world, {
      userAgent: 'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36',
    }));
    await world.ncalayer.close();
    expect(await tryToSignIn()).toBe('ncalayer-on-phone');
    expect(await page.getByLabel('ИИН', { exact: true }).isVisible()).toBe(true);
    await world.startNcalayer();
  }, 60_000);

  it('names what is wrong with the key', async () => {
    const now = Date.now();
    const revoked = (await world.admit('ҚАЙТАРЫЛҒАН')).key;
    world.lab.revoke(revoked, new Date(now - DAY));
    const cases: readonly (readonly [string, LabKey])[] = [
      [
        'CERTIFICATE_EXPIRED',
        await issue({ notBefore: new Date(now - 400 * DAY), notAfter: new Date(now - DAY) }),
      ],
      ['CERTIFICATE_NOT_YET_VALID', await issue({ notBefore: new Date(now + DAY) })],
      ['CERTIFICATE_REVOKED', revoked],
      ['CERTIFICATE_NOT_ISSUED', await issue({ registered: false })],
      ['IDENTITY_NOT_A_PERSON', await issue({ kind: 'information-system' })],
      ['PATH_SELF_SIGNED', await issue({ signedBy: 'self' })],
      ['ACCOUNT_NONE', await issue({})],
    ];
    for (const [failure, key] of cases) {
      world.hold(key);
      expect(await tryToSignIn()).toBe(failure);
      expect(await page.locator('#outcome .reference').innerText()).toMatch(/[A-Z_]{8,}[\s\S]*Номер запроса/);
      await page.reload();
    }
  }, 120_000);

  it('says that the account is blocked', async () => {
    const { key, iin } = await world.admit('БҰҒАТТАЛҒАН');
    const [account] = await world.storage.accounts.accountsOf(parseIin(iin)!);
    const { members } = world.storage.accounts.tenant(world.organisation.id);
    const by = { kind: 'operator', id: null };
    await members.changeStatus(account!.membership.id, 'suspended', by, new Date());
    world.hold(key);
    expect(await tryToSignIn()).toBe('ACCOUNT_BLOCKED');
  }, 60_000);

  it('offers a new text when the time to sign ran out', async () => {
    world.beforeSigning = () => {
      world.passTime(6 * 60_000);
      world.beforeSigning = () => undefined;
    };
    expect(await tryToSignIn()).toBe('CHALLENGE_EXPIRED');
    await page.getByRole('button', { name: 'Попробовать ещё раз' }).click();
    await page.waitForURL('**/me');
  }, 60_000);

  it('says that the browser lost the cookie of this sign-in', async () => {
    world.beforeSigning = () => page.context().clearCookies();
    expect(await tryToSignIn()).toBe('CHALLENGE_OTHER_BROWSER');
  }, 60_000);

  it('says that the connection to the server is gone', async () => {
    await page.route('**/v1/login/eds', (route) => route.abort('internetdisconnected'));
    expect(await tryToSignIn()).toBe('offline');
  }, 60_000);

  it('counts down when there were too many tries, and leaves the other way open', async () => {
    await page.route('**/v1/login/eds/challenge', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '2' },
        body: JSON.stringify({ code: 'RATE_LIMITED', requestId: 'r-1' }),
      }),
    );
    await page.click('#eds-button');
    expect(await failureOf(page)).toBe('RATE_LIMITED');
    expect(await page.locator('#outcome .wait').innerText()).toMatch(/через [12] с/);
    expect(await page.locator('#eds-button').isDisabled()).toBe(true);
    await page.locator('summary').click();
    expect(await page.getByLabel('Пароль', { exact: true }).isEnabled()).toBe(true);
    await page.locator('#eds-button:enabled').waitFor();
  }, 60_000);

  it('shows the server’s own words, code and request number when it knows none', async () => {
    await page.route('**/v1/login/eds', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'SOMETHING_NEW', requestId: 'req-42', detail: 'Слова <b>сервера</b>' }),
      }),
    );
    expect(await tryToSignIn()).toBe('SOMETHING_NEW');
    const shown = await page.locator('#outcome').innerText();
    for (const text of ['SOMETHING_NEW', 'req-42', 'Слова <b>сервера</b>']) expect(shown).toContain(text);
  }, 60_000);

  it('understands a proxy that answers in place of the gateway', async () => {
    await page.route('**/v1/login/eds/challenge', (route) =>
      route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' }),
    );
    expect(await tryToSignIn()).toBe('SERVICE_UNAVAILABLE');
  }, 60_000);

  it('does not let in while НУЦ РК cannot be asked or does not know the certificate', async () => {
    world.ocsp.behave('unknown');
    expect(await tryToSignIn()).toBe('REVOCATION_UNKNOWN');
    await page.reload();
    world.ocsp.behave('http-error');
    expect(await tryToSignIn()).toBe('REVOCATION_UNAVAILABLE');
  }, 60_000);
});
