import { get } from 'node:http';
import { type Config } from '../config.js';
import { failed, type Finding, ok, warning } from './finding.js';

const TIMEOUT_MS = 5_000;
/** Longer answers are not the gateway's. */
const ANSWER_LENGTH = 64 * 1024;

/** What a check of `/readyz` means where it is not `ok`, where its name does not say it. */
const MEANINGS: Readonly<Record<string, string>> = {
  proxies:
    'visitors come through a proxy that QAQPA_TRUSTED_PROXIES does not name, or that sends no X-Forwarded-For: they share its address and its limits (the log says which)',
  revocation: 'responders, or all lists, cannot be had',
};

/** What the gateway that runs with these settings on this machine says of itself, if there is one. */
export async function gatewayFindings({ host, port }: Config): Promise<readonly Finding[]> {
  if (port === 0) return [ok('gateway', 'not asked: QAQPA_PORT is 0, so it may listen anywhere')];
  const place = `${hostToAsk(host)}:${port}`;
  let text: string;
  try {
    text = await ask(`http://${place}/readyz`);
  } catch (error) {
    const { code = 'no answer in time' } = error as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED') return [ok('gateway', `none runs at ${place}`)];
    return [warning('gateway', `${place} does not answer as one (${code})`)];
  }
  const answer = readAnswer(text);
  if (answer === null) return [warning('gateway', `what answers at ${place} is none`)];
  const { status, checks } = answer;
  if (status === 'ok') return [ok('gateway', `runs at ${place}, all is well with it`)];
  const found = Object.entries(checks ?? {})
    .filter(([, state]) => state !== 'ok')
    .map(([name, state]) => {
      const find = state === 'failed' ? failed : warning;
      return find(
        'gateway',
        `${place} says ${name} is ${state}${name in MEANINGS ? `: ${MEANINGS[name]}` : ''}`,
      );
    });
  return found.length > 0 ? found : [warning('gateway', `${place} is ${status}`)];
}

/** Not with `fetch`, which refuses some ports unasked. */
function ask(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
        if (text.length > ANSWER_LENGTH) response.destroy();
      });
      response.once('close', () => {
        resolve(text);
      });
      response.once('error', reject);
    });
    asked.once('error', reject);
  });
}

interface Health {
  readonly status: string;
  readonly checks?: Readonly<Record<string, string>>;
}

const NAME = /^[a-z-]{1,40}$/;

function readAnswer(text: string): Health | null {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  const { status, checks } = (read ?? {}) as { readonly status?: unknown; readonly checks?: unknown };
  if (typeof status !== 'string' || !NAME.test(status)) return null;
  const named = Object.entries(checks ?? {}).filter(
    (entry): entry is [string, string] =>
      NAME.test(entry[0]) && typeof entry[1] === 'string' && NAME.test(entry[1]),
  );
  return { status, checks: Object.fromEntries(named) };
}

/** An address of this machine that reaches what listens on `host`. */
function hostToAsk(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
