import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { type RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

/**
 * The same strict headers on every answer. `Permissions-Policy` switches off what the pages do not need and leaves the loopback network to
 * our own pages: without it the browser would not even ask whether they may reach NCALayer (Chrome 142+).
 *
 * @param policy Content-Security-Policy directives of the pages; they contain nothing inline
 */
export function securityHeaders(
  policy: Readonly<Record<string, readonly string[]>>,
  origin: string,
): RequestHandler {
  const secure = origin.startsWith('https:');
  const permissions = [
    ...['camera', 'geolocation', 'microphone', 'payment', 'usb', 'serial', 'hid', 'display-capture'].map(
      (name) => `${name}=()`,
    ),
    ...['local-network-access', 'local-network', 'loopback-network'].map((name) => `${name}=(self)`),
  ].join(', ');
  const written = helmetHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: Object.fromEntries(Object.entries(policy).map(([name, values]) => [name, [...values]])),
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  });
  const headers = [...written, ['Permissions-Policy', permissions] as const];
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

/** What helmet writes with these options. It is constant, so helmet is asked once and not, in fifteen parts, at every request. */
function helmetHeaders(options: HelmetOptions): readonly (readonly [string, string])[] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  const written = new Map<string, string>();
  response.setHeader = (name, value) => {
    written.set(name, String(value));
    return response;
  };
  let outcome: unknown = 'unfinished';
  helmet(options)(request, response, (error?: unknown) => {
    outcome = error;
  });
  if (outcome !== undefined) throw new Error('the security headers cannot be made', { cause: outcome });
  return [...written];
}
