import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Browser } from 'playwright-core';
import {
  describeInChromium,
  failureOf,
  launchChromium,
  openPage,
  openSignInWorld,
  type SignInWorld,
} from './sign-in-world.js';

/** Chromium that takes the gateway for a public site, whose pages must be allowed to reach this computer. */
describeInChromium('a browser that guards this computer', () => {
  let world: SignInWorld;
  let browser: Browser;

  beforeAll(async () => {
    world = await openSignInWorld();
    world.hold((await world.admit('РҰҚСАТ')).key);
    browser = await launchChromium(`--ip-address-space-overrides=127.0.0.1:${world.gateway.port}=public`);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  it('is told from an NCALayer that does not run, although it does', async () => {
    // A headless Chromium answers its own prompt with no.
    const { page, close } = await openPage(browser, world);
    await page.click('#eds-button');
    expect(await failureOf(page)).toBe('permission-denied');
    expect(world.ncalayer.requests).toHaveLength(0);
    await close();
  }, 60_000);

  it('lets the sign-in through once it is allowed', async () => {
    const { page, close } = await openPage(browser, world, { permissions: ['local-network-access'] });
    await page.click('#eds-button');
    await page.waitForURL('**/me');
    await close();
  }, 60_000);
});
