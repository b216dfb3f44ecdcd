import { addMember } from '../support/members.js';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Browser } from 'playwright-core';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { makeBin } from '../../src/lab/index.js';
import {
  describeInChromium,
  failureOf,
  launchChromium,
  openPage,
  openSignInWorld,
  type SignInWorld,
} from './sign-in-world.js';

describeInChromium('signing in with a browser', () => {
  let world: SignInWorld;
  let browser: Browser;

  beforeAll(async () => {
    [world, browser] = await Promise.all([
      openSignInWorld({ algorithms: ['gost2015-512', 'rsa-2048'] }),
      launchChromium(),
    ]);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  it.each(['gost2015-512', 'rsa-2048'] as const)(
    'goes from the page through NCALayer to “who I am” and out again with a %s key',
    async (algorithm) => {
      const { key, bin } = await world.admit('ӘЛІХАНОВА', algorithm, ['manager']);
      world.hold(key);
      const { page, complaints, close } = await openPage(browser, world);
      await page.getByRole('button', { name: 'Войти с ЭЦП' }).click();
      await page.waitForURL('**/me');
      await page.getByRole('heading', { name: 'ӘЛІХАНОВА ТЕСТ' }).waitFor();
      const facts = await page.locator('.facts').innerText();
      for (const fact of ['ТОО «Лаборатория»', bin, 'Руководитель', 'ЭЦП']) expect(facts).toContain(fact);

      await page.goto(world.gateway.origin);
      expect(new URL(page.url()).pathname).toBe('/me');

      await page.getByRole('button', { name: 'Выйти', exact: true }).click();
      await page.waitForURL(`${world.gateway.origin}/`);
      await page.goto(`${world.gateway.origin}/me`);
      expect(new URL(page.url()).pathname).toBe('/');
      expect(complaints).toEqual([]);
      await close();
    },
    60_000,
  );

  it('needs nothing but the keyboard', async () => {
    world.hold((await world.admit('ПЕРНЕ')).key);
    const { page, close } = await openPage(browser, world);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.className')).toBe('skip');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.id')).toBe('eds-button');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/me');
    await page.keyboard.press('Shift+Tab');
    await page.getByRole('button', { name: 'Выйти', exact: true }).focus();
    await page.keyboard.press('Space');
    await page.waitForURL(`${world.gateway.origin}/`);
    await close();
  }, 60_000);

  it('tells a screen reader what is going on, and can be stopped', async () => {
    world.hold((await world.admit('ДАУЫС')).key);
    world.ncalayer.behave('silent');
    const { page, close } = await openPage(browser, world);
    await page.getByRole('button', { name: 'Войти с ЭЦП' }).click();
    await page.getByRole('status').filter({ hasText: 'Выберите ключ' }).waitFor();
    expect(await page.locator('#signing').getAttribute('aria-busy')).toBe('true');
    await page.getByRole('button', { name: 'Отменить' }).click();
    await page.getByRole('status').filter({ hasText: 'Вход отменён' }).waitFor();
    expect(await page.locator('#signing').getAttribute('aria-busy')).toBe('false');
    expect(await page.evaluate('document.activeElement?.id')).toBe('eds-button');
    world.ncalayer.behave('honest');
    await close();
  }, 60_000);

  it.each(['array', 'string', 'object'] as const)(
    'understands a result wrapped as %s',
    async (shape) => {
      world.hold((await world.admit('ПІШІН')).key);
      world.ncalayer.shapeResults(shape);
      const { page, close } = await openPage(browser, world);
      await page.click('#eds-button');
      await page.waitForURL('**/me');
      world.ncalayer.shapeResults('array');
      await close();
    },
    60_000,
  );

  it('asks which organisation when a personal key could mean several', async () => {
    const { iin } = await world.admit('ЕКІ');
    const now = new Date();
    const second = await world.storage.accounts.addOrganisation(
      { name: 'ТОО «Вторая»', bin: parseBin(makeBin({ registered: '2019-07' }))! },
      now,
    );
    await addMember(world.storage.accounts, { organisationId: second.id, iin: parseIin(iin)! }, now);
    for (const { id } of [world.organisation, second]) {
      await world.storage.accounts.tenant(id).changeSettings({ allowPersonalKeys: true });
    }
    world.hold(
      await world.lab.issue({
        kind: 'individual',
        algorithm: 'gost2015-512',
        surname: 'ЕКІ',
        givenName: 'ТЕСТ',
        iin,
      }),
    );
    const { page, close } = await openPage(browser, world);
    await page.click('#eds-button');
    expect(await failureOf(page)).toBe('ACCOUNT_CHOICE_REQUIRED');
    await page.getByRole('button', { name: 'ТОО «Вторая»' }).click();
    await page.waitForURL('**/me');
    expect(await page.locator('.facts').innerText()).toContain('ТОО «Вторая»');
    await close();
  }, 60_000);

  it('lets in by IIN and password, and blocks that way alone after five mistakes', async () => {
    const { key, iin } = await world.admit('ҚҰПИЯ');
    const { passwords } = world.storage;
    const number = parseIin(iin)!;
    await passwords.set(number, await passwords.prepare(number, 'Дұрыс-терезе-2026'), new Date());
    const { page, complaints, close } = await openPage(browser, world);
    await page.getByText('Войти по ИИН и паролю').click();

    await page.getByRole('button', { name: 'Войти по паролю' }).click();
    expect(await page.getByLabel('ИИН', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('#iin-error').innerText()).toBe('ИИН состоит из 12 цифр.');

    await page.getByLabel('ИИН', { exact: true }).fill(`${iin.slice(0, 6)} ${iin.slice(6)}`);
    await page.getByLabel('Пароль', { exact: true }).fill('Дұрыс-терезе-2026');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/me');
    expect(await page.locator('.facts').innerText()).toContain('ИИН и пароль');
    await page.getByRole('button', { name: 'Выйти', exact: true }).click();
    await page.waitForURL(`${world.gateway.origin}/`);

    await page.getByText('Войти по ИИН и паролю').click();
    await page.getByLabel('ИИН', { exact: true }).fill(iin);
    for (let mistake = 1; mistake <= 5; mistake += 1) {
      await page.getByLabel('Пароль', { exact: true }).fill(`қате-${mistake}`);
      const answered = page.waitForResponse('**/v1/login/password');
      await page.keyboard.press('Enter');
      await answered;
      await page.locator('#outcome .failure').waitFor();
    }
    await page.getByLabel('Пароль', { exact: true }).fill('Дұрыс-терезе-2026');
    await page.keyboard.press('Enter');
    await page.locator('[data-failure="PASSWORD_BLOCKED"]').waitFor();
    expect(page.url()).not.toContain(iin);

    world.hold(key);
    await page.click('#eds-button');
    await page.waitForURL('**/me');
    expect(complaints).toEqual([]);
    await close();
  }, 90_000);

  it('speaks the language the browser asks for, and the one that is picked', async () => {
    const { page, close } = await openPage(browser, world, { locale: 'en-GB' });
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Қазақша' }).click();
    await page.getByRole('heading', { name: 'Кіру', level: 1 }).waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('kk');
    await page.goto(world.gateway.origin);
    await page.getByRole('button', { name: 'ЭЦҚ арқылы кіру' }).waitFor();
    await close();
  }, 60_000);

  it.each(['kk-KZ', 'ru-RU', 'en-GB'])(
    'fits 320 pixels, the width a phone has and a desktop at 400 %% has left, in %s',
    async (locale) => {
      const { page, close } = await openPage(browser, world, {
        locale,
        viewport: { width: 320, height: 640 },
      });
      await page.locator('summary').click();
      await page.evaluate(
        `for (const { content } of document.querySelectorAll('template')) document.querySelector('#outcome').append(content)`,
      );
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width).toBeLessThanOrEqual(320);
      await close();
    },
    60_000,
  );
});
