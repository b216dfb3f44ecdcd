/** What one gateway process knows, the other knows at the next request. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import {
  type Browser,
  type Cluster,
  describeCluster,
  type Door,
  said,
  SESSION,
  startCluster,
  tally,
  wholeLog,
} from '../support/cluster.js';
import { askChallenge, type Member, ncalayerSignature, signIn } from '../support/lab-gateway.js';

const PASSWORD = 'Kün-nuri-shashyrady-7';
const OTHER_PASSWORD = 'Tau-samaly-soqqanda-9';
const WRONG = 'Qate-qupiya-soz-1234';

describeCluster('two gateways on one PostgreSQL and one Redis', () => {
  let cluster: Cluster;
  let left: Door;
  let right: Door;

  beforeAll(async () => {
    cluster = await startCluster();
    [left, right] = cluster.doors;
  }, 120_000);
  afterAll(() => cluster.close());

  async function signedIn({ key }: Member, door: Door): Promise<Browser> {
    const browser = cluster.browser();
    expect(await said(await signIn(cluster.world, browser.at(door), key))).toBe('200');
    return browser;
  }

  /** Whether a session is alive, by its token, at both doors. */
  async function alive(token: string): Promise<[string, string]> {
    const at = async (door: Door): Promise<string> => {
      const browser = cluster.browser();
      browser.setCookie(SESSION, token);
      return said(await browser.at(door).fetch('/v1/session'));
    };
    return [await at(left), await at(right)];
  }
  const ALIVE = ['200', '200'];
  const OVER = ['401 SESSION_NONE', '401 SESSION_NONE'];

  async function membershipOf({ iin }: Member): Promise<string> {
    const [account] = await cluster.world.storage.accounts.accountsOf(parseIin(iin)!);
    return account!.membership.id;
  }

  async function givePassword({ iin }: Member): Promise<void> {
    const { passwords } = cluster.world.storage;
    const number = parseIin(iin)!;
    await passwords.set(number, await passwords.prepare(number, PASSWORD), new Date());
  }

  const tryPassword = async ({ iin }: Member, password: string, door: Door): Promise<string> =>
    said(await cluster.browser().at(door).post('/v1/login/password', { iin, password }));

  it('know one session, which ended at either is over at both', async () => {
    const member = await cluster.world.admit('ЕКІЕСІК');
    for (const [one, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const browser = await signedIn(member, one);
      const token = browser.cookie(SESSION)!;
      expect(await alive(token)).toEqual(ALIVE);
      const response = await browser.at(other).fetch('/v1/session', {
        method: 'DELETE',
        headers: { origin: 'https://gate.example.kz' },
      });
      expect(await said(response)).toBe('204');
      expect(await alive(token)).toEqual(OVER);
    }
  }, 60_000);

  it('take the answer to a challenge of either, and one answer of twenty that race through both', async () => {
    const member = await cluster.world.admit('ЖАРЫС');
    const browser = cluster.browser();
    const { challengeId, data } = await askChallenge(browser.at(left));
    const signature = await ncalayerSignature(cluster.world.lab, member.key, Buffer.from(data, 'base64'));
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        said(
          await browser.at(index % 2 === 0 ? right : left).post('/v1/login/eds', { challengeId, signature }),
        ),
      ),
    );
    expect(tally(answers)).toEqual({ '200': 1, '409 CHALLENGE_USED': 19 });
  }, 60_000);

  it('feel at once what a manager does at the other: a role, a suspension, a certificate refused', async () => {
    const manager = await signedIn(await cluster.world.admit('БАСҚАРУШЫ', 'gost2015-512', ['manager']), left);
    const member = await cluster.world.admit('ҚЫЗМЕТКЕР', 'gost2015-512', ['employee', 'clerk']);
    const path = `/v1/organisation/members/${await membershipOf(member)}`;
    const put = async (body: object): Promise<string> =>
      said(
        await manager.at(left).fetch(`${path}/roles`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json', origin: 'https://gate.example.kz' },
          body: JSON.stringify(body),
        }),
      );
    const post = async (what: string): Promise<string> => said(await manager.at(left).post(path + what, {}));

    let token = (await signedIn(member, right)).cookie(SESSION)!;
    expect(await put({ roles: ['employee'] })).toBe('200');
    expect(await alive(token)).toEqual(OVER);

    token = (await signedIn(member, right)).cookie(SESSION)!;
    expect(await post('/suspend')).toBe('200');
    expect(await alive(token)).toEqual(OVER);
    expect(await said(await signIn(cluster.world, cluster.browser().at(right), member.key))).toBe(
      '403 ACCOUNT_BLOCKED',
    );
    expect(await post('/resume')).toBe('200');

    token = (await signedIn(member, right)).cookie(SESSION)!;
    const list = await manager.at(right).fetch(`${path}/certificates`);
    const { items } = (await list.json()) as { items: { sha256: string }[] };
    expect(await post(`/certificates/${items[0]!.sha256}/revoke`)).toBe('200');
    expect(await alive(token)).toEqual(OVER);
    expect(await said(await signIn(cluster.world, cluster.browser().at(right), member.key))).toBe(
      '403 ACCOUNT_CERTIFICATE_REVOKED',
    );
  }, 90_000);

  it('end the sessions of whoever changes their password at the other, and know only the new one', async () => {
    const member = await cluster.world.admit('ҚҰПИЯ');
    await givePassword(member);
    const elsewhere = (await signedIn(member, right)).cookie(SESSION)!;
    const browser = await signedIn(member, left);
    const before = browser.cookie(SESSION)!;
    expect(await said(await browser.at(left).post('/v1/me/password', { password: OTHER_PASSWORD }))).toBe(
      '204',
    );
    expect(await alive(elsewhere)).toEqual(OVER);
    expect(await alive(before)).toEqual(OVER);
    expect(await alive(browser.cookie(SESSION)!)).toEqual(ALIVE);
    expect(await tryPassword(member, PASSWORD, right)).toBe('401 PASSWORD_WRONG');
    expect(await tryPassword(member, OTHER_PASSWORD, right)).toBe('200');
  }, 60_000);

  it('count wrong passwords together: five close the way at both, and an EDS sign-in at either opens it', async () => {
    const member = await cluster.world.admit('БЕСРЕТ');
    await givePassword(member);
    for (const door of [left, right, left, right, left]) {
      expect(await tryPassword(member, WRONG, door)).toBe('401 PASSWORD_WRONG');
    }
    expect(await tryPassword(member, PASSWORD, right)).toBe('423 PASSWORD_BLOCKED');
    expect(await tryPassword(member, PASSWORD, left)).toBe('423 PASSWORD_BLOCKED');
    await signedIn(member, right);
    expect(await tryPassword(member, PASSWORD, left)).toBe('200');
    expect(await tryPassword(member, PASSWORD, right)).toBe('200');
  }, 60_000);

  it('give a hundred wrong passwords that come at once five tries between them', async () => {
    const member = await cluster.world.admit('ДАУЫЛ');
    await givePassword(member);
    const [account] = await cluster.world.storage.accounts.accountsOf(parseIin(member.iin)!);
    const before = (await wholeLog(cluster.world.storage)).length;
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => tryPassword(member, WRONG, cluster.doors[index % 2]!)),
    );
    const storm = (await wholeLog(cluster.world.storage)).slice(before);
    const { '401 PASSWORD_WRONG': tried = 0, '423 PASSWORD_BLOCKED': blocked = 0, ...rest } = tally(answers);
    // A gateway too busy to answer in time says so; that is no try.
    expect(Object.keys(rest).filter((answer) => answer !== '503 SERVICE_UNAVAILABLE')).toEqual([]);
    expect(tried).toBeLessThanOrEqual(5);
    expect(blocked).toBeGreaterThan(0);
    const count = (type: string, reason: string | null): number =>
      storm.filter((record) => record.type === type && (record.reason ?? null) === reason).length;
    expect(count('login.password.refused', 'PASSWORD_WRONG')).toBeLessThanOrEqual(5);
    expect(count('login.password.refused', 'PASSWORD_BLOCKED')).toBeGreaterThanOrEqual(blocked);
    expect(storm.filter(({ type }) => type === 'password.blocked').map(({ subject }) => subject?.id)).toEqual(
      [account!.person.id],
    );
    expect(await tryPassword(member, PASSWORD, left)).toBe('423 PASSWORD_BLOCKED');
    await signedIn(member, right);
    expect(await tryPassword(member, PASSWORD, left)).toBe('200');
  }, 90_000);
});
