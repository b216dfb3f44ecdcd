import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { describe } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type LabKey, type NcalayerDouble, startNcalayerDouble } from '../../src/lab/index.js';
import { type LabGateway, startLabGateway } from '../support/lab-gateway.js';

const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const present = existsSync(CHROMIUM);
if (!present && process.env['CI'] === 'true') throw new Error('Chromium is needed under CI=true');

/** Suites that need Chromium; skipped by name where it is missing. */
export const describeInChromium = present ? describe : describe.skip;

export function launchChromium(...more: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: [...ARGUMENTS, ...more] });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A gateway, a laboratory and an NCALayer double at the address the page is told. */
export interface SignInWorld extends LabGateway {
  ncalayer: NcalayerDouble;
  /** Whose key the person at the NCALayer window picks. */
  hold(key: LabKey): void;
  /** Runs while the window is open, before the key is picked. */
  beforeSigning: () => void | Promise<void>;
  /** Moves the clock of the gateway and of the laboratory. */
  passTime(ms: number): void;
  startNcalayer(): Promise<void>;
}

export async function openSignInWorld(
  options: Parameters<typeof startLabGateway>[0] = {},
): Promise<SignInWorld> {
  const port = await freePort();
  let ahead = 0;
  const world = await startLabGateway({
    ...options,
    clock: () => new Date(Date.now() + ahead),
    env: {
      QAQPA_NCALAYER_URL: `ws://127.0.0.1:${port}`,
      QAQPA_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      QAQPA_CRL_URLS: '',
      QAQPA_OCSP_MAX_AGE: '0s',
      ...options.env,
    },
  });
  let held: LabKey | null = null;
  const choose = async (offered: readonly LabKey[]): Promise<LabKey | null> => {
    await opened.beforeSigning();
    return offered.find((key) => key === held) ?? null;
  };
  const start = (): Promise<NcalayerDouble> => startNcalayerDouble(world.lab, { port, choose });
  const opened: SignInWorld = {
    ...world,
    ncalayer: await start(),
    beforeSigning: () => undefined,
    hold(key) {
      held = key;
      if (!opened.ncalayer.keys.includes(key)) opened.ncalayer.addKey(key);
    },
    passTime(ms) {
      ahead += ms;
    },
    async startNcalayer() {
      opened.ncalayer = await start();
      if (held !== null) opened.ncalayer.addKey(held);
    },
    async close() {
      await opened.ncalayer.close();
      await world.close();
    },
  };
  return opened;
}

/** A page of its own browser context (no cookies of others), with everything it complained about or asked others for. */
export async function openPage(
  browser: Browser,
  world: Pick<SignInWorld, 'gateway'>,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ readonly page: Page; readonly complaints: string[]; readonly close: () => Promise<void> }> {
  const context = await browser.newContext({ locale: 'ru-RU', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Permissions policy/i.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${world.gateway.origin}/`)) complaints.push(request.url());
  });
  await page.goto(world.gateway.origin);
  return { page, complaints, close: () => context.close() };
}

/** Waits for the failure the page explains and returns its name. */
export async function failureOf(page: Page): Promise<string | null> {
  const shown = page.locator('#outcome .failure');
  await shown.waitFor();
  return shown.getAttribute('data-failure');
}
