/** A browser as far as the gateway can tell: keeps cookies, names its origin. */
export interface TestVisitor {
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  cookie(name: string): string | undefined;
  setCookie(name: string, value: string): void;
}

/** @param from where a trusted proxy says they are */
export function openVisitor(origin: string, address = origin, from?: string): TestVisitor {
  const cookies = new Map<string, string>();
  const visitor: TestVisitor = {
    async fetch(path, init = {}) {
      const headers = new Headers(init.headers);
      if (from !== undefined) headers.set('x-forwarded-for', from);
      if (cookies.size > 0)
        headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
      const response = await fetch(`${address}${path}`, { redirect: 'manual', ...init, headers });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (name === undefined || value === undefined) continue;
        if (/max-age=0/i.test(line)) cookies.delete(name);
        else cookies.set(name, value);
      }
      return response;
    },
    post: (path, body, headers = {}) =>
      visitor.fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin, 'sec-fetch-site': 'same-origin', ...headers },
        body: JSON.stringify(body),
      }),
    cookie: (name) => cookies.get(name),
    setCookie(name, value) {
      cookies.set(name, value);
    },
  };
  return visitor;
}
