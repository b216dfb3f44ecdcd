/** The password page in a real browser: rules while typing, first password, change, and the forced change after ninety days. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Browser, type Page } from 'playwright-core';
import { parseIin } from '../../src/accounts/national-number.js';
import { addMember } from '../support/members.js';
import { nextBin } from '../support/next-number.js';
import {
  describeInChromium,
  launchChromium,
  openPage,
  openSignInWorld,
  type SignInWorld,
} from './sign-in-world.js';

const FIRST = 'Терезе ашық, 2026';
const SECOND = 'Jel soqty, 42 terek';

describeInChromium('the password page', () => {
  let browser: Browser;
  let world: SignInWorld;
  beforeAll(async () => {
    [browser, world] = await Promise.all([
      launchChromium(),
      openSignInWorld({ env: { QAQPA_PASSWORD_ATTEMPTS: '4' } }),
    ]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const states = (page: Page): Promise<Record<string, string>> =>
    page.evaluate(
      `Object.fromEntries([...document.querySelectorAll('#rules li')].map((line) => [line.dataset.breaks, line.dataset.state ?? '']))`,
    );
  const signInWithPassword = async (page: Page, iin: string, password: string): Promise<void> => {
    await page.getByText('Войти по ИИН и паролю').click();
    await page.getByLabel('ИИН', { exact: true }).fill(iin);
    await page.getByLabel('Пароль', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
  };

  it('answers each rule while the person types, and sets a first password after an EDS sign-in', async () => {
    const { key, iin } = await world.admit('БҰЛТБЕКОВА');
    world.hold(key);
    const { page, complaints, close } = await openPage(browser, world);
    await page.click('#eds-button');
    await page.waitForURL('**/me');
    await page.getByRole('link', { name: 'Задать или сменить пароль' }).click();
    await page.getByRole('heading', { name: 'Задать пароль' }).waitFor();
    expect(Object.values(await states(page))).toEqual(['', '', '', '', '']);

    const field = page.getByLabel('Новый пароль', { exact: true });
    // A click waits until the script has opened the field; typing does not.
    await field.click();
    await field.pressSequentially('Bultbek');
    expect(await states(page)).toEqual({
      'too-short too-long': 'unmet',
      'character-classes': 'unmet',
      context: 'met',
      'common breached': '',
      reused: '',
    });
    await field.pressSequentially('ova-2026');
    expect(await states(page)).toMatchObject({
      'too-short too-long': 'met',
      'character-classes': 'met',
      context: 'unmet',
    });
    await page.locator('#rules-status', { hasText: 'Пока нет' }).waitFor({ state: 'attached' });
    // What the page knows to be wrong is not even sent.
    await page.keyboard.press('Enter');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('#password-error').innerText()).toContain('Пароль содержит ваше имя');

    await field.fill('Пароль-2026-да');
    expect(await states(page)).toMatchObject({ context: 'met' });
    await field.fill(FIRST);
    expect(Object.values(await states(page))).toEqual(['met', 'met', 'met', '', '']);
    await page.keyboard.press('Enter');
    await page.getByText('Пароль задан').waitFor();
    expect(page.url()).not.toContain('password=');

    await page.getByRole('link', { name: 'На мою страницу' }).click();
    await page.getByRole('button', { name: 'Выйти', exact: true }).click();
    await page.waitForURL(`${world.gateway.origin}/`);
    await signInWithPassword(page, iin, FIRST);
    await page.waitForURL('**/me');
    expect(complaints).toEqual([]);
    await close();
  }, 90_000);

  it('one organisation vouches for shows nothing entered elsewhere, and the way out', async () => {
    const { iin } = await world.admit('СЕРІКҰЛЫ');
    const number = parseIin(iin)!;
    const { passwords, accounts } = world.storage;
    const [account] = await accounts.accountsOf(number);
    const elsewhere = await accounts.addOrganisation({ name: 'Басқа', bin: nextBin() }, new Date());
    await addMember(accounts, { organisationId: elsewhere.id, iin: number }, new Date());
    await accounts.setContacts(account!.person.id, { email: 'elsewhere@example.kz', phone: null });
    const confined = { membershipId: account!.membership.id, organisationId: account!.organisation.id };
    await passwords.set(number, await passwords.prepare(number, FIRST), new Date(), confined);
    const { page, complaints, close } = await openPage(browser, world);
    await signInWithPassword(page, iin, FIRST);
    await page.waitForURL('**/me');
    expect(await page.content()).not.toContain('elsewhere@example.kz');
    expect(await page.getByLabel('Электронная почта').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Выйти', exact: true }).click();
    await page.waitForURL(`${world.gateway.origin}/`);
    expect(complaints).toEqual([]);
    await close();
  }, 90_000);

  it('asks those who signed in with a password for it, and says which rule the server found broken', async () => {
    const { iin } = await world.admit('АҒАШБЕК');
    const number = parseIin(iin)!;
    const { passwords } = world.storage;
    await passwords.set(number, await passwords.prepare(number, FIRST), new Date());
    const { page, complaints, close } = await openPage(browser, world);
    await signInWithPassword(page, iin, FIRST);
    await page.waitForURL('**/me');
    await page.getByRole('link', { name: 'Сменить пароль' }).click();
    const [current, wanted] = [
      page.getByLabel('Текущий пароль', { exact: true }),
      page.getByLabel('Новый пароль', { exact: true }),
    ];
    await wanted.fill(SECOND);
    await page.keyboard.press('Enter');
    expect(await page.locator('#current-error').innerText()).toBe('Введите текущий пароль.');
    await current.fill('неверный');
    await page.keyboard.press('Enter');
    await page.locator('#current-error', { hasText: '4 неверных попыток' }).waitFor();
    expect(await current.inputValue()).toBe('');

    await current.fill(FIRST);
    await wanted.fill(FIRST);
    await page.keyboard.press('Enter');
    await page.locator('#rules li[data-breaks="reused"][data-state="unmet"]').waitFor();
    await wanted.fill(SECOND);
    await page.keyboard.press('Enter');
    await page.getByText('Пароль задан').waitFor();
    await page.getByRole('button', { name: 'Выйти', exact: true }).click();
    await page.waitForURL(`${world.gateway.origin}/`);
    expect(complaints).toEqual([]);
    await close();
  }, 90_000);

  it('stands between an expired password and everything else', async () => {
    const { iin } = await world.admit('ЕСКІБЕК');
    const number = parseIin(iin)!;
    const { passwords } = world.storage;
    const long = new Date(Date.now() - 91 * 24 * 60 * 60_000);
    await passwords.set(number, await passwords.prepare(number, FIRST), long);
    const { page, complaints, close } = await openPage(browser, world);
    await signInWithPassword(page, iin, FIRST);
    await page.waitForURL('**/me/password**');
    await page.getByText('Пароль нужно сменить').waitFor();
    await page.goto(`${world.gateway.origin}/me`);
    expect(new URL(page.url()).pathname).toBe('/me/password');

    await page.getByLabel('Текущий пароль', { exact: true }).fill(FIRST);
    await page.getByLabel('Новый пароль', { exact: true }).fill(SECOND);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/me');
    expect(await page.locator('.facts').innerText()).toContain('ИИН и пароль');
    expect(complaints).toEqual([]);
    await close();
  }, 90_000);

  it.each(['kk-KZ', 'ru-RU', 'en-GB'])(
    'fits 320 pixels in %s, in the dark as well',
    async (locale) => {
      const { iin } = await world.admit('КІШКЕНЕ');
      const number = parseIin(iin)!;
      const { passwords } = world.storage;
      await passwords.set(number, await passwords.prepare(number, FIRST), new Date());
      const { page, close } = await openPage(browser, world, {
        locale,
        viewport: { width: 320, height: 640 },
        colorScheme: 'dark',
      });
      await page.locator('summary').click();
      await page.locator('#iin').fill(iin);
      await page.locator('#password').fill(FIRST);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/me');
      await page.goto(`${world.gateway.origin}/me/password`);
      await page.locator('#password').fill('qwerty');
      await page.locator('#rules li[data-state="unmet"]').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
      const shots = process.env['QAQPA_TEST_SCREENSHOTS'];
      if (shots !== undefined)
        await page.screenshot({ path: `${shots}/password-${locale}.png`, fullPage: true });
      await close();
    },
    60_000,
  );
});
