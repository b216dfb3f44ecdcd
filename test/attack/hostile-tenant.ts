/**
 * Somebody with a personal key and an organisation of their own, who knows an IIN and wants more: what they learn of its person, what they can
 * do to them, and what is in the way of others afterwards. Everything goes over HTTP, as from any other machine.
 */
import { nextIin } from '../support/lab-gateway.js';
import { personalKey, register } from '../support/registration.js';
import { type LabGateway } from '../support/lab-gateway.js';
import { callerOf } from '../support/tenant.js';
import { type TestVisitor } from '../support/visitor.js';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface Invited {
  readonly token: string;
  readonly member: string;
}

export const PLANTED = 'Ashyq-esik-2026-Қ';
const GUESSES = ['Birinshi-boljam-1', 'Ekinshi-boljam-2', 'Ushinshi-boljam-3', 'Tortinshi-boljam-4'];

export interface HostileTenant {
  readonly call: (method: string, path: string, body?: object) => Promise<Answer>;
  invite(iin: string): Promise<Invited>;
  /** Takes their own invitation in the name of the invited. */
  take(
    invited: Invited,
    iin: string,
    password?: string,
  ): Promise<{ readonly session: TestVisitor; readonly answer: Answer }>;
  /** Everything they can get to see about an IIN, in order, without what differs from one person to the next. */
  probe(iin: string): Promise<readonly unknown[]>;
  /** Tries passwords on an IIN four at a time, and clears what was counted between with a right one of their own. */
  guess(iin: string, rounds: number): Promise<readonly string[]>;
}

/** Registers as anybody may, with a personal key. */
export async function openHostileTenant(world: LabGateway): Promise<HostileTenant> {
  const manager = world.visitor();
  const key = await personalKey(world, nextIin(), 'ЖАУ');
  const registered = await register(world, manager, key, { kind: 'individual' });
  if (registered.status !== 201) throw new Error(`not registered: ${await registered.text()}`);
  const caller = (visitor: TestVisitor): HostileTenant['call'] => {
    const call = callerOf(visitor, world.gateway.origin);
    return async (method, path, body) => answerOf(await call(method, path, body));
  };
  const call = caller(manager);

  const invite = async (iin: string): Promise<Invited> => {
    const { status, body } = await call('POST', '/v1/organisation/invitations', {
      iin,
      name: 'Біреу Біреуұлы',
      roles: [],
    });
    if (status !== 201) throw new Error(`not invited: ${JSON.stringify(body)}`);
    const { link, member } = body as { link: string; member: { id: string } };
    return { token: link.split('#')[1] ?? '', member: member.id };
  };

  const take: HostileTenant['take'] = async ({ token }, iin, password = PLANTED) => {
    const session = world.visitor();
    const answer = await answerOf(await session.post('/v1/invitations/accept', { token, iin, password }));
    return { session, answer };
  };

  const enter = async (iin: string, password: string): Promise<string> => {
    const { status, body } = await answerOf(
      await world.visitor().post('/v1/login/password', { iin, password }),
    );
    return `${status} ${typeof body['code'] === 'string' ? body['code'] : ''}`.trim();
  };

  return {
    call,
    invite,
    take,
    async probe(iin) {
      const seen: unknown[] = [];
      const invited = await invite(iin);
      const look = async (
        by: HostileTenant['call'],
        method: string,
        path: string,
        body?: object,
      ): Promise<void> => {
        seen.push([method, path, await by(method, path, body)]);
      };
      const watch = async (): Promise<void> => {
        await look(call, 'GET', `/v1/organisation/members/${invited.member}`);
        await look(call, 'POST', '/v1/organisation/members/search', { iin });
        await look(call, 'GET', `/v1/organisation/log?member=${invited.member}`);
      };
      await watch();
      seen.push((await take(invited, iin, 'short')).answer);
      const taken = await take(invited, iin);
      seen.push(taken.answer);
      await watch();
      const inside = caller(taken.session);
      const own = [
        '/v1/session',
        '/v1/me/password',
        '/v1/me/contacts',
        '/v1/me/sessions',
        '/v1/me/memberships',
        '/v1/me/log',
      ];
      for (const path of own) await look(inside, 'GET', path);
      seen.push((await (await taken.session.fetch('/me')).text()).length);
      await look(inside, 'POST', '/v1/me/password', { current: PLANTED, password: 'Basqa-kilt-2027-Ң' });
      await look(call, 'POST', `/v1/organisation/members/${invited.member}/unblock-password`, {});
      await look(call, 'POST', `/v1/organisation/members/${invited.member}/suspend`, {});
      await look(call, 'DELETE', `/v1/organisation/members/${invited.member}`);
      await watch();
      return seen.map((each) => plain(each, iin));
    },
    async guess(iin, rounds) {
      const answers: string[] = [];
      await take(await invite(iin), iin);
      for (let round = 0; round < rounds; round += 1) {
        for (const guess of GUESSES) answers.push(await enter(iin, guess));
        await enter(iin, PLANTED);
      }
      return answers;
    },
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status: response.status, body };
}

/** Without identifiers, times, numbers of records, and the IIN itself. */
function plain(value: unknown, iin: string): unknown {
  const text = JSON.stringify(value)
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/"(sequence|next|before|after|nextCursor)":("[^"]*"|\d+|null)/g, '"$1":0')
    .replaceAll(iin, 'IIN')
    .replaceAll(iin.slice(-4), 'TAIL');
  return JSON.parse(text) as unknown;
}
