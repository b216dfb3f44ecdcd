// Load over HTTP on kept connections: as fast as the gateway answers, or at a given pace.
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A visitor's side of one gateway. `exchange` gives any answer there is; the others insist on the right one.
 *
 * @param patienceMs after which an answer is waited for no more; for ever if absent
 */
export function openClient({ port, origin }, connections, patienceMs) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  /** A body of octets is sent as it is, another as JSON. `address` is where a trusted proxy would say that it comes from. */
  const send = (method, path, { body, cookie, address, authorization } = {}) =>
    new Promise((resolve, reject) => {
      const payload = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      const headers = {
        origin,
        'sec-fetch-site': 'same-origin',
        ...(payload === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': payload.length }),
        ...(cookie === undefined ? {} : { cookie }),
        ...(address === undefined ? {} : { 'x-forwarded-for': address }),
        ...(authorization === undefined ? {} : { authorization }),
      };
      const signal = patienceMs === undefined ? undefined : AbortSignal.timeout(patienceMs);
      const exchange = { host: '127.0.0.1', port, agent, method, path, headers, signal };
      const outgoing = request(exchange, (response) => {
        const pieces = [];
        response.on('data', (piece) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(pieces).toString('utf8');
          const cookies = (response.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]);
          resolve({ status: response.statusCode, text, cookie: cookies.join('; ') });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  const expecting = async (status, ...exchange) => {
    const answer = await send(...exchange);
    if (answer.status !== status)
      throw new Error(`${exchange[1]}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer;
  };
  return {
    exchange: send,
    async challenge({ address } = {}) {
      const { text, cookie } = await expecting(201, 'POST', '/v1/login/eds/challenge', { address, body: {} });
      const { challengeId, data } = JSON.parse(text);
      return { challengeId, data, cookie };
    },
    /** Gives the session's cookie. */
    async signIn({ challengeId, signature, cookie, address }) {
      const answer = await expecting(200, 'POST', '/v1/login/eds', {
        body: { challengeId, signature },
        cookie,
        address,
      });
      return answer.cookie;
    },
    signOut: (cookie) => expecting(204, 'DELETE', '/v1/session', { cookie }),
    session: (cookie) => expecting(200, 'GET', '/v1/session', { cookie }),
    close: () => agent.destroy(),
  };
}

/** Does all the work with so much of it at once; seconds it took. */
export async function asFastAsPossible(items, atOnce, work) {
  const queue = [...items.entries()];
  const results = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        results[next[0]] = await work(next[1]);
      }
    }),
  );
  return { results, seconds: (performance.now() - began) / 1000 };
}

/**
 * Begins the work at a steady rate per second, whether earlier pieces are done or not; milliseconds each took, sorted. Each begins at a
 * random moment of its own interval: at the beginning of it, kinds whose rates are multiples of each other would always come together, in
 * step with a flood or never.
 */
export async function atPace(items, rate, work) {
  const began = performance.now();
  const times = [];
  const running = [];
  for (const [index, item] of items.entries()) {
    const due = began + ((index + Math.random()) * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 1) await pause(wait);
    running.push(work(item).then(() => times.push(performance.now() - due)));
  }
  await Promise.all(running);
  return times.sort((a, b) => a - b);
}

export const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
export const median = (values) =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
