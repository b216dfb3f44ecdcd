import { type RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * The same strict headers on every answer. `Permissions-Policy` switches off what the pages do not need and leaves the loopback network to
 * our own pages: without it the browser would not even ask whether they may reach NCALayer (Chrome 142+).
 *
 * @param policy Content-Security-Policy directives of the pages; they contain nothing inline
 */
export function securityHeaders(
  policy: Readonly<Record<string, readonly string[]>>,
  origin: string,
): RequestHandler[] {
  const secure = origin.startsWith('https:');
  const permissions = [
    ...['camera', 'geolocation', 'microphone', 'payment', 'usb', 'serial', 'hid', 'display-capture'].map(
      (name) => `${name}=()`,
    ),
    ...['local-network-access', 'local-network', 'loopback-network'].map((name) => `${name}=(self)`),
  ].join(', ');
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: Object.fromEntries(Object.entries(policy).map(([name, values]) => [name, [...values]])),
      },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
      xFrameOptions: { action: 'deny' },
    }),
    (_request, response, next) => {
      response.setHeader('Permissions-Policy', permissions);
      next();
    },
  ];
}
