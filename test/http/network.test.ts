import { describe, expect, it } from '@jest/globals';
import { isPrivateAddress, networkOf, networksOf } from '../../src/http/kernel/network.js';

describe('the networks of an address', () => {
  it.each([
    ['203.0.113.7', ['203.0.113.7', '203.0.113.0/24', '203.0.0.0/16']],
    ['::ffff:203.0.113.7', ['203.0.113.7', '203.0.113.0/24', '203.0.0.0/16']],
    ['::FFFF:203.0.113.7', ['203.0.113.7', '203.0.113.0/24', '203.0.0.0/16']],
    ['2001:db8:1:2:3:4:5:6', ['2001:db8:1:2::/64', '2001:db8:1::/48', '2001:db8::/32']],
    ['2001:0DB8:0001:0002:ffff::1', ['2001:db8:1:2::/64', '2001:db8:1::/48', '2001:db8::/32']],
    ['2001:db8::1', ['2001:db8:0:0::/64', '2001:db8:0::/48', '2001:db8::/32']],
    ['::1', ['0:0:0:0::/64', '0:0:0::/48', '0:0::/32']],
    ['fe80::1%eth0', ['fe80:0:0:0::/64', 'fe80:0:0::/48', 'fe80:0::/32']],
    ['64:ff9b::203.0.113.7', ['64:ff9b:0:0::/64', '64:ff9b:0::/48', '64:ff9b::/32']],
  ])('%s', (address, [subscriber, site, provider]) => {
    expect(networksOf(address)).toEqual({ subscriber, site, provider });
  });

  it.each(['unknown', '', 'session 2001:db8::1', '203.0.113', '203.0.113.7.1', 'gate.example.kz'])(
    'are none for %j, which stays as it is',
    (text) => {
      expect(networksOf(text)).toBeNull();
      expect(networkOf(text)).toBe(text);
    },
  );
});

describe('the network that stands for an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.0/24'],
    ['::ffff:203.0.113.7', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('an address of a private network', () => {
  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '::1',
    '::ffff:10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.7.7',
    '169.254.1.1',
    '100.64.0.1',
    'fd00::1',
    'fe80::1%eth0',
  ])('is %s', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['172.32.0.1', '11.0.0.1', '203.0.113.7', '2001:db8::1', '::ffff:8.8.8.8', 'unknown', ''])(
    'is not %j',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});
