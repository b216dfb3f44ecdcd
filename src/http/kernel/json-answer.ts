import { type ServerResponse } from 'node:http';

/**
 * Sends a text as the whole body, as Express would without asking for what is known here: there is no ETag, no replacer and no other
 * character set.
 *
 * @param type the media type, without character set
 */
export function sendJsonText(response: ServerResponse, type: string, text: string): void {
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(text, 'utf8'));
  // As a text it goes out in one piece with the header.
  response.end(text, 'utf8');
}
