/** Which network an address belongs to: what one subscriber has, and what one attacker may have many addresses of. */
import { isIPv6 } from 'node:net';

/** An IPv4 address as a socket that listens on both families sees it (RFC 4291 §2.5.5.2). */
const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/** `a.b.c.0/24` of an IPv4 address, `a:b:c:d::/64` of an IPv6 one; anything else as it is. */
export function networkOf(address: string): string {
  const subscriber = subscriberOf(address);
  const [, head] = /^(\d{1,3}(?:\.\d{1,3}){2})\.\d{1,3}$/.exec(subscriber) ?? [];
  return head === undefined ? subscriber : `${head}.0/24`;
}

/** An IPv4 address itself, `a:b:c:d::/64` of an IPv6 one: one subscriber has a whole /64. Anything else as it is. */
export function subscriberOf(address: string): string {
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
