import { type IncomingMessage } from 'node:http';
import { Problem } from './problem.js';

/**
 * Lets a change of state through only from our own pages or from a program that is no browser. Every browser names the page's origin in
 * `Origin` on such requests, and newer ones the relation in `Sec-Fetch-Site`; a page cannot forge or drop either. Together
 * with JSON bodies (which need a preflight nobody answers) and SameSite cookies this is the protection against forged requests, login
 * included.
 *
 * @throws Problem `REQUEST_ORIGIN`
 */
export function requireOwnOrigin(request: IncomingMessage, origin: string): void {
  const claimed = request.headers.origin;
  const site = request.headers['sec-fetch-site'];
  if (claimed !== undefined && claimed !== origin) throw new Problem('REQUEST_ORIGIN');
  if (site !== undefined && site !== 'same-origin') throw new Problem('REQUEST_ORIGIN');
}

/** Wider than the UUIDs we give out; nothing else is looked up. */
const CLIENT_ID = /^[\w-]{1,64}$/;

/** Identifier and secret of an API client, from `Basic id:secret` or `Bearer id.secret` (RFC 7617, RFC 6750). */
export function clientCredentials(
  request: IncomingMessage,
): { readonly id: string; readonly secret: string } | null {
  const [, scheme = '', value = ''] =
    /^(Basic|Bearer) ([A-Za-z0-9+/_.=-]{1,400})$/i.exec(request.headers.authorization ?? '') ?? [];
  const basic = scheme.toLowerCase() === 'basic';
  const pair = basic ? Buffer.from(value, 'base64').toString('utf8') : value;
  const separator = pair.indexOf(basic ? ':' : '.');
  const id = pair.slice(0, Math.max(separator, 0));
  return CLIENT_ID.test(id) ? { id, secret: pair.slice(separator + 1) } : null;
}
