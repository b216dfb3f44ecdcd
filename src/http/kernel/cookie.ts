import { type IncomingMessage } from 'node:http';
import { type Language, LANGUAGE_COOKIE } from '../../web/index.js';

/**
 * Our cookies. The `__Host-` prefix makes browsers refuse them from a sub-domain, over http (except on this machine) and with another
 * path, so nobody else can plant one.
 */
export const SESSION_COOKIE = '__Host-qaqpa-session';
export const PRELOGIN_COOKIE = '__Host-qaqpa-prelogin';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** The token a cookie holds, or null when it is absent or not one of ours. */
export function readToken(request: IncomingMessage, name: string): string | null {
  const value = readCookie(request, name);
  return value !== null && TOKEN.test(value) ? value : null;
}

/** The value of a cookie, undecoded (RFC 6265 §5.4); the first one where it stands twice. */
export function readCookie(request: Pick<IncomingMessage, 'headers'>, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const separator = pair.indexOf('=');
    if (separator > 0 && pair.slice(0, separator).trim() === name) return pair.slice(separator + 1).trim();
  }
  return null;
}

/** `Lax`, so that a link from elsewhere finds the person signed in; changes of state are guarded by origin as well. */
export function sessionCookie(token: string): string {
  return `${SESSION_COOKIE}=${token}; Path=/; Secure; HttpOnly; SameSite=Lax`;
}

export function endedSessionCookie(): string {
  return `${SESSION_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`;
}

/** Ties challenges to this browser; lives as long as the longest-lived of them. */
export function preloginCookie(token: string, lifetimeMs: number): string {
  const seconds = Math.ceil(lifetimeMs / 1000);
  return `${PRELOGIN_COOKIE}=${token}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${seconds}`;
}

/** Remembers for a year which language was picked. The pages' scripts take theirs from the page and have no use for the cookie. */
export function languageCookie(language: Language): string {
  return `${LANGUAGE_COOKIE}=${language}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000`;
}
