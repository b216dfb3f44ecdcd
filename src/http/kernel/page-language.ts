import { type IncomingMessage } from 'node:http';
import { chooseLanguage, type Language, LANGUAGE_COOKIE } from '../../web/index.js';
import { readCookie } from './cookie.js';

/** The language somebody reads: the one they ask for, else the one they chose before, else their browser's. */
export function languageOf(request: Pick<IncomingMessage, 'headers'>, asked?: unknown): Language {
  return chooseLanguage({
    query: typeof asked === 'string' ? asked : undefined,
    cookie: readCookie(request, LANGUAGE_COOKIE) ?? undefined,
    acceptLanguage: request.headers['accept-language'],
  });
}

/**
 * The language of a problem. A program that asks for none reads English; a browser always asks, and says from which page (`Sec-Fetch-Site`).
 *
 * @param navigation whether a page is asked for
 */
export function problemLanguageOf(request: Pick<IncomingMessage, 'headers'>, navigation: boolean): Language {
  const { 'accept-language': accepted = '*', 'sec-fetch-site': site } = request.headers;
  const byProgram = !navigation && site === undefined && accepted.trim() === '*';
  return byProgram && readCookie(request, LANGUAGE_COOKIE) === null ? 'en' : languageOf(request);
}
