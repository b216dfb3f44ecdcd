/** Addresses as parts of networks: what is counted together, and what is written down of an address. */
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { remembered } from './remembered.js';

/** An IPv4 address as a socket that listens on both families sees it (RFC 4291 §2.5.5.2). */
const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/** How much of an address is kept, in bits. */
interface Prefix {
  readonly ipv4: number;
  readonly ipv6: number;
}

/** One subscriber: an IPv4 address, or the /64 that one subscriber has of IPv6. */
const SUBSCRIBER: Prefix = { ipv4: 32, ipv6: 64 };
/** What one customer of a provider can rent: a /24 of IPv4, a /48 of IPv6. */
const SITE: Prefix = { ipv4: 24, ipv6: 48 };
/** A provider, or a part of one. */
const PROVIDER: Prefix = { ipv4: 16, ipv6: 32 };

/** The networks an address lies in, from the narrowest to the widest. */
export interface Networks {
  readonly subscriber: string;
  readonly site: string;
  readonly provider: string;
}

/** What stands for an address where the address itself is not to be kept: its /24, or /64 of IPv6. What is no address stays as it is. */
export function networkOf(address: string): string {
  return within(address, { ipv4: 24, ipv6: 64 });
}

/** Null for what is no address. Every request asks several times. */
export const networksOf: (address: string) => Networks | null = remembered((address) => {
  const plain = unmapped(address);
  if (!isIPv4(plain) && !isIPv6(plain)) return null;
  return {
    subscriber: within(plain, SUBSCRIBER),
    site: within(plain, SITE),
    provider: within(plain, PROVIDER),
  };
});

/** Networks that the Internet does not carry: an address of theirs is of this machine or of a neighbour's. */
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv4');
}
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

/** Whether an address is of this machine or of a private network (RFC 1918, 6598, 4193; link-local). */
export function isPrivateAddress(address: string): boolean {
  const plain = unmapped(address).split('%')[0] ?? '';
  if (isIPv4(plain)) return PRIVATE.check(plain, 'ipv4');
  return isIPv6(plain) && PRIVATE.check(plain, 'ipv6');
}

function unmapped(address: string): string {
  return MAPPED.exec(address)?.[1] ?? address;
}

function within(address: string, { ipv4, ipv6 }: Prefix): string {
  const plain = unmapped(address);
  if (isIPv4(plain)) {
    if (ipv4 === 32) return plain;
    const kept = plain.split('.').slice(0, ipv4 / 8);
    return `${[...kept, ...Array<string>(4 - kept.length).fill('0')].join('.')}/${ipv4}`;
  }
  if (!isIPv6(plain)) return address;
  return `${groupsOf(plain)
    .slice(0, ipv6 / 16)
    .map((group) => group.toString(16))
    .join(':')}::/${ipv6}`;
}

/** The eight numbers of an IPv6 address, whose last two may be written as IPv4. */
function groupsOf(address: string): readonly number[] {
  const text = (address.split('%')[0] ?? '').replace(/\d+(?:\.\d+){3}$/, (ipv4) => {
    const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = text.split('::');
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const left = numbers(head);
  if (tail === undefined) return left;
  const right = numbers(tail);
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}
