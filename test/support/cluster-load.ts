/** People who never stop coming, through every door of a cluster, and what they are told. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, type Cluster, type Door, said, SESSION } from './cluster.js';
import { type IssuedChallengeBody, type Member, ncalayerSignature } from './lab-gateway.js';

/** A sign-in that was answered in full. */
export interface Acknowledged {
  readonly token: string;
  readonly sessionId: string;
  readonly door: Door;
}

export interface Load {
  readonly acknowledged: readonly Acknowledged[];
  /** Each answer as `errand: status code`, in the order in which they came. */
  readonly answers: readonly string[];
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly member: Member;
  /** Tokens of live sessions, which must stay what they are. */
  readonly holders: readonly string[];
  /** Tokens that open nothing, of whatever kind. */
  readonly dead: readonly string[];
  /** People who sign in at each door. */
  readonly newcomers?: number;
}

/** Starts everybody at both doors; a door that is gone is told as `no answer`, and its people go home. */
export function startLoad(cluster: Cluster, options: LoadOptions, doors: readonly Door[]): Load {
  const answers: string[] = [];
  const acknowledged: Acknowledged[] = [];
  let over = false;

  const repeat = async (name: string, errand: () => Promise<string>): Promise<void> => {
    while (!over) {
      const answer = await errand().catch((error: unknown) => {
        if (error instanceof TypeError || (error as { name?: unknown }).name === 'TypeError') return null;
        throw error;
      });
      answers.push(`${name}: ${answer ?? 'no answer'}`);
      if (answer === null) return;
      // Refused at once, they would only heat the machine.
      if (answer.startsWith('503')) await pause(50);
    }
  };

  const look = async (token: string, door: Door): Promise<string> => {
    const browser = cluster.browser();
    browser.setCookie(SESSION, token);
    const answer = await said(await browser.at(door).fetch('/v1/session'));
    return answer.startsWith('401') || browser.cookie(SESSION) === token ? answer : `${answer}, signed out`;
  };

  const enter = async (browser: Browser, door: Door): Promise<string> => {
    const visitor = browser.at(door);
    const challenge = await visitor.post('/v1/login/eds/challenge', {});
    if (challenge.status !== 201) return said(challenge);
    const { challengeId, data } = (await challenge.json()) as IssuedChallengeBody;
    const { lab } = cluster.world;
    const signature = await ncalayerSignature(lab, options.member.key, Buffer.from(data, 'base64'));
    const response = await visitor.post('/v1/login/eds', { challengeId, signature });
    if (response.status !== 200) return said(response);
    const { session } = (await response.json()) as { session: { id: string } };
    acknowledged.push({ token: browser.cookie(SESSION)!, sessionId: session.id, door });
    return '200';
  };

  const everybody = doors.flatMap((door) => [
    ...options.holders.map((token) => repeat('holder', () => look(token, door))),
    ...options.dead.map((token) => repeat('nobody', () => look(token, door))),
    ...Array.from({ length: options.newcomers ?? 1 }, () =>
      repeat('newcomer', () => enter(cluster.browser(), door)),
    ),
  ]);
  return {
    acknowledged,
    answers,
    async stop() {
      over = true;
      await Promise.all(everybody);
    },
  };
}
