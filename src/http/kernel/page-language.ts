import { type IncomingMessage } from 'node:http';
import { chooseLanguage, type Language, LANGUAGE_COOKIE } from '../../web/index.js';
import { readCookie } from './cookie.js';

/** The language somebody reads: the one they ask for, else the one they chose before, else their browser's. */
export function languageOf(request: IncomingMessage, asked?: unknown): Language {
  return chooseLanguage({
    query: typeof asked === 'string' ? asked : undefined,
    cookie: readCookie(request, LANGUAGE_COOKIE) ?? undefined,
    acceptLanguage: request.headers['accept-language'],
  });
}
