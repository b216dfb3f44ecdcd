/** Whether people reach this origin only from the machine itself, where http is a secure context. */
export function isLocalOrigin(origin: string): boolean {
  const { hostname } = new URL(origin);
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '127.0.0.1' ||
    hostname === '[::1]'
  );
}

/**
 * What to say where people come through a proxy, since the gateway itself speaks no TLS, and no proxy is named.
 *
 * @returns null where all is well
 */
export function missingProxyNotice(settings: {
  readonly origin: string | null;
  readonly trustedProxies: readonly string[];
}): string | null {
  const { origin, trustedProxies } = settings;
  if (origin === null || isLocalOrigin(origin) || trustedProxies.length > 0) return null;
  return 'QAQPA_TRUSTED_PROXIES is empty, and people come through the proxy that speaks https for the gateway: all visitors would share its address, its limits and its place in the log; name the address the proxy connects from';
}
