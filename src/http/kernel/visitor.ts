import { isIP } from 'node:net';
import { type Request, type Response } from 'express';
import { anonymousAct } from '../../audit/act.js';
import { type Visitor } from '../../sign-in/visitor.js';
import { PRELOGIN_COOKIE, readToken, SESSION_COOKIE } from './cookie.js';
import { networksOf } from './network.js';

/** The address of the socket, or what a configured proxy forwards: then it may be any text, of which nothing but an address is taken. */
export function addressOf({ ip }: Request): string | null {
  const address = ip?.replace(/^::ffff:(?=\d+\.)/, '') ?? '';
  return isIP(address) === 0 ? null : address;
}

/** Who asks, as far as connection and cookies tell. The address is the socket's, or what a configured proxy says. */
export function visitorOf(request: Request, response: Response, at: Date): Visitor {
  const address = response.locals['address'] as string | null;
  const networks = address === null ? null : networksOf(address);
  const device = request.headers['user-agent']?.slice(0, 200) ?? null;
  return {
    act: anonymousAct({ requestId: String(response.locals['requestId']), address, device }, at),
    subscriber: networks?.subscriber ?? 'unknown',
    networks: networks && [networks.site, networks.provider],
    browserToken: readToken(request, PRELOGIN_COOKIE),
    sessionToken: readToken(request, SESSION_COOKIE),
  };
}
