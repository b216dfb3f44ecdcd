/**
 * The Content-Security-Policy of every page, in the shape helmet's `contentSecurityPolicy.directives` takes (with
 * `useDefaults: false`). The pages need nothing inline and nothing from elsewhere but the NCALayer socket on this computer.
 */
export function pageSecurityPolicy(ncalayerUrl: string): Record<string, string[]> {
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'"],
    'connect-src': ["'self'", new URL(ncalayerUrl).origin],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    'base-uri': ["'none'"],
  };
}
