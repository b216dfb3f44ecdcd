import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Browser, type Page } from 'playwright-core';
import { parseIin } from '../../src/accounts/national-number.js';
import { TEXT } from '../../src/web/text/index.js';
import { nextIin } from '../support/lab-gateway.js';
import { companyKey, nextBin, personalKey, register } from '../support/registration.js';
import {
  describeInChromium,
  failureOf,
  launchChromium,
  openPage,
  openSignInWorld,
  type SignInWorld,
} from './sign-in-world.js';
import { invite as inviteBy } from '../support/members.js';

describeInChromium('coming to belong here with a browser', () => {
  let world: SignInWorld;
  let browser: Browser;

  beforeAll(async () => {
    [world, browser] = await Promise.all([
      openSignInWorld({ env: { QAQPA_TERMS_AT_SIGN_IN: 'ask' } }),
      launchChromium(),
    ]);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const picture = async (page: Page, name: string): Promise<void> => {
    const folder = process.env['QAQPA_TEST_PICTURES'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };

  it('leads from a sign-in without an account to a registered organisation', async () => {
    const bin = nextBin();
    const head = await companyKey(world, { bin, surname: 'БАСШЫ', organisation: 'ТОО «Новая контора»' });
    world.hold(head);
    const { page, complaints, close } = await openPage(browser, world);
    await page.getByRole('button', { name: 'Войти с ЭЦП' }).click();
    expect(await failureOf(page)).toBe('ACCOUNT_NONE');
    await picture(page, 'no-account');
    await page.getByRole('link', { name: 'Зарегистрироваться с этой ЭЦП' }).click();
    await page.waitForURL('**/register');
    await page.getByText('Условия использования', { exact: true }).click();
    await page.getByText('Национальным удостоверяющим центром').waitFor();
    await picture(page, 'register');
    await page.getByText('Почта и телефон (по желанию)').click();
    await page.getByLabel('Электронная почта').fill('bas@example.kz');
    await page.getByRole('button', { name: 'Подписать и зарегистрироваться' }).click();
    await page.waitForURL('**/me');
    await page.getByRole('definition').filter({ hasText: 'ТОО «Новая контора»' }).waitFor();
    await page.getByText('Руководитель', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  it('says what to do when the key is not that of a head, and tries again', async () => {
    const bin = nextBin();
    world.hold(await companyKey(world, { kind: 'employee', bin }));
    const { page, close } = await openPage(browser, world);
    await page.goto(`${world.gateway.origin}/register`);
    await page.locator('#eds-button').click();
    expect(await failureOf(page)).toBe('REGISTRATION_HEAD_REQUIRED');
    await page.getByRole('heading', { name: 'Эта организация ещё не зарегистрирована.' }).waitFor();
    await picture(page, 'head-required');
    world.hold(await companyKey(world, { bin }));
    await page.getByRole('button', { name: 'Попробовать ещё раз' }).click();
    await page.waitForURL('**/me');
    await close();
  }, 60_000);

  it('files a request for an employee, on a phone as well', async () => {
    const bin = nextBin();
    await register(world, world.visitor(), await companyKey(world, { bin, organisation: 'ТОО «Знакомая»' }));
    world.hold(await companyKey(world, { kind: 'employee', bin }));
    const { page, complaints, close } = await openPage(browser, world, {
      viewport: { width: 390, height: 844 },
      locale: 'kk-KZ',
    });
    await page.goto(`${world.gateway.origin}/register`);
    await picture(page, 'register-phone');
    await page.locator('#eds-button').click();
    await page.getByRole('heading', { name: 'Өтінім жіберілді' }).waitFor();
    await page.getByText('ТОО «Знакомая»').waitFor();
    await picture(page, 'requested-phone');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  it('registers a practice of one’s own with a personal key', async () => {
    world.hold(await personalKey(world, nextIin(), 'АДВОКАТ'));
    const { page, close } = await openPage(browser, world);
    await page.goto(`${world.gateway.origin}/register`);
    await page.getByText('Себя как адвоката').click();
    await page.locator('#eds-button').click();
    await page.waitForURL('**/me');
    await page.getByRole('heading', { name: 'АДВОКАТ ТЕСТ' }).waitFor();
    await picture(page, 'practice-me');
    await close();
  }, 60_000);

  const invite = async (): Promise<{ readonly token: string; readonly iin: string }> => {
    const iin = nextIin();
    const { id: organisationId } = world.organisation;
    const { token } = await inviteBy(world.storage, { organisationId, iin: parseIin(iin)! }, new Date());
    return { token, iin };
  };

  it('takes an invitation with a key, its token in no address that is sent anywhere', async () => {
    const { token, iin } = await invite();
    world.hold(await companyKey(world, { kind: 'employee', bin: world.bin, iin, surname: 'ШАҚЫРЫЛҒАН' }));
    const { page, complaints, close } = await openPage(browser, world);
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await page.goto(`${world.gateway.origin}/invitation#${token}`);
    await page.getByText('Вас приглашает ТОО «Лаборатория»').waitFor();
    await page.getByRole('link', { name: 'Қазақша' }).click();
    await page.getByText('Сізді ТОО «Лаборатория» шақырады').waitFor();
    await picture(page, 'invitation');
    await page.locator('#eds-button').click();
    await page.waitForURL('**/me');
    await page.getByRole('heading', { name: 'ШАҚЫРЫЛҒАН ТЕСТ' }).waitFor();
    expect(
      addresses
        .map((address) => new URL(address))
        .filter(({ href, hash }) => href.replace(hash, '').includes(token)),
    ).toEqual([]);
    expect(world.logged.join('\n')).not.toContain(token);
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  it('takes an invitation without a key by setting a password, and says when a link is no good', async () => {
    const { token, iin } = await invite();
    const { page, close } = await openPage(browser, world);
    await page.goto(`${world.gateway.origin}/invitation#${token}`);
    await page.getByText('Вас приглашает').waitFor();
    await page.getByText('Нет ключа под рукой').click();
    await page.getByLabel('ИИН', { exact: true }).fill(iin);
    await page.getByLabel('Новый пароль', { exact: true }).fill('Ashyq-esik-2026-Қ');
    await picture(page, 'invitation-password');
    await page.getByRole('button', { name: 'Принять и задать пароль' }).click();
    await page.waitForURL('**/me');
    await close();

    const second = await openPage(browser, world);
    await second.page.goto(`${world.gateway.origin}/invitation#${token}`);
    await second.page.getByRole('heading', { name: 'Приглашение уже использовано.' }).waitFor();
    await picture(second.page, 'invitation-used');
    expect(await second.page.locator('#eds-button').isVisible()).toBe(false);
    await second.close();
  }, 60_000);

  it('holds a first password to the rules where it is typed, and says by the field which it breaks', async () => {
    const { token, iin } = await invite();
    const { page, complaints, close } = await openPage(browser, world);
    await page.goto(`${world.gateway.origin}/invitation#${token}`);
    await page.getByText('Нет ключа под рукой').click();
    await page.getByLabel('ИИН', { exact: true }).fill(iin);
    const field = page.getByLabel('Новый пароль', { exact: true });
    const error = page.locator('#password-error');
    await field.fill('Qysqa-1');
    await page.keyboard.press('Enter');
    expect(await error.innerText()).toBe('Пароль короче 12 знаков.');
    await field.fill(`Ашық-есік-${iin}`);
    await page.keyboard.press('Enter');
    expect(await error.innerText()).toContain('Пароль содержит ваше имя, ИИН');
    // Whether it is common is known in full by the gateway alone.
    await page.route('**/v1/invitations/accept', (route) =>
      route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'PASSWORD_RULES_BROKEN', requestId: 'r-1', broken: ['breached'] }),
      }),
    );
    await field.fill('Ashyq-esik-2026-Қ');
    await page.keyboard.press('Enter');
    await error.filter({ hasText: 'Этот пароль есть в списке утёкших.' }).waitFor();
    await page.locator('#rules li[data-breaks~="breached"][data-state="unmet"]').waitFor();
    await picture(page, 'invitation-rules');
    expect(await page.locator('#outcome .failure').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  it.each([
    ['ru', '', 'Ссылка приглашения неполная'],
    ['kk', '#Ab3', 'Шақыру сілтемесі толық емес'],
    ['en', '#Ab3', 'This invitation link is incomplete'],
  ])(
    'says in %s that a link was cut, and offers nothing to sign',
    async (locale, rest, title) => {
      const { page, complaints, close } = await openPage(browser, world, { locale });
      await page.goto(`${world.gateway.origin}/invitation${rest}`);
      expect(await failureOf(page)).toBe('invitation-cut');
      expect(await page.locator('#failure-title').innerText()).toBe(title);
      expect(await page.locator('#eds-button').isVisible()).toBe(false);
      await picture(page, `invitation-cut-${locale}`);
      expect(complaints).toEqual([]);
      await close();
    },
    60_000,
  );

  it('leads a person who is registered already to the sign-in', async () => {
    const key = await companyKey(world, { bin: nextBin() });
    await register(world, world.visitor(), key);
    world.hold(key);
    const { page, close } = await openPage(browser, world);
    await page.goto(`${world.gateway.origin}/register`);
    await page.locator('#eds-button').click();
    expect(await failureOf(page)).toBe('REGISTRATION_ALREADY_MEMBER');
    await picture(page, 'already-member');
    await page.locator('#outcome').getByRole('link', { name: 'Войти', exact: true }).click();
    await page.waitForURL(`${world.gateway.origin}/`);
    await close();
  }, 60_000);

  it.each(['ru', 'kk', 'en'] as const)(
    'keeps what one says of how to be reached, in %s',
    async (language) => {
      const { key } = await world.admit('БАЙЛАНЫС');
      world.hold(key);
      const { page, complaints, close } = await openPage(browser, world);
      await page.getByRole('button', { name: 'Войти с ЭЦП' }).click();
      await page.waitForURL('**/me/terms**');
      await page.getByRole('button', { name: 'Подписать условия' }).click();
      await page.waitForURL('**/me');
      await page.goto(`${world.gateway.origin}/me?lang=${language}`);
      const { account, register } = TEXT[language];
      const email = page.getByLabel(register.email, { exact: true });
      const save = page.getByRole('button', { name: account.contacts.save, exact: true });
      await email.fill('nobody');
      await save.click();
      await page.getByText('name@example.kz').waitFor();
      await email.fill('aigul@example.kz');
      await page.getByLabel(register.phone, { exact: true }).fill('+7 (701) 123-45-67');
      await save.click();
      await page.getByText(account.contacts.saved, { exact: true }).waitFor();
      await picture(page, `contacts-${language}`);
      await page.reload();
      expect(await email.inputValue()).toBe('aigul@example.kz');
      expect(await page.locator('#phone').inputValue()).toBe('+77011234567');
      await email.fill('');
      await save.click();
      await page.getByText(account.contacts.saved, { exact: true }).waitFor();
      await page.reload();
      expect(await email.inputValue()).toBe('');
      expect(await page.locator('#phone').inputValue()).toBe('+77011234567');
      expect(complaints).toEqual([]);
      await close();
    },
    60_000,
  );

  it('asks for the terms after a sign-in before anything else, once', async () => {
    const { key } = await world.admit('ШАРТ');
    world.hold(key);
    const { page, complaints, close } = await openPage(browser, world);
    await page.getByRole('button', { name: 'Войти с ЭЦП' }).click();
    await page.waitForURL('**/me/terms**');
    await picture(page, 'terms');
    await page.goto(`${world.gateway.origin}/me`);
    expect(new URL(page.url()).pathname).toBe('/me/terms');
    await page.getByRole('button', { name: 'Подписать условия' }).click();
    await page.waitForURL('**/me');
    await page.getByRole('heading', { name: 'ШАРТ ТЕСТ' }).waitFor();
    await page.getByRole('button', { name: 'Выйти', exact: true }).click();
    await page.waitForURL(`${world.gateway.origin}/`);
    await page.getByRole('button', { name: 'Войти с ЭЦП' }).click();
    await page.waitForURL('**/me');
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  it('does not let somebody else accept the terms, and lets one leave instead', async () => {
    const { key } = await world.admit('БАСҚА');
    world.hold(key);
    const { page, close } = await openPage(browser, world);
    await page.getByRole('button', { name: 'Войти с ЭЦП' }).click();
    await page.waitForURL('**/me/terms**');
    world.hold(await companyKey(world, { kind: 'employee', bin: world.bin }));
    await page.getByRole('button', { name: 'Подписать условия' }).click();
    await page.getByRole('heading', { name: 'Подписано ключом другого человека.' }).waitFor();
    await page.getByRole('button', { name: 'Выйти', exact: true }).click();
    await page.waitForURL(`${world.gateway.origin}/`);
    await close();
  }, 60_000);
});
