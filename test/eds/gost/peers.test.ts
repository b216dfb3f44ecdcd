import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startPeers } from '../../../bench/peers.js';
import { type GostCurve } from '../../../src/eds/gost/index.js';
import { signatureCases, type SignatureCase } from '../../support/gost-cases.js';
import { parametersOf } from '../../support/gost-signer.js';

/** Cases put to each other implementation on each curve; raised for a long run. */
const CASES = Number(process.env['GOST_PEER_CASES'] ?? 300);
const NAMES: readonly GostCurve[] = ['gost2015-512', 'gost2015-256', 'gost2004-256'];

/** Keys that are no canonical point: what others make of those is their affair, ours refuses them. */
const NO_KEY = /a bit of [xy]|the key at the origin|x = p|x \+ p/;

const number = (octets: Uint8Array): bigint => BigInt(`0x${Buffer.from(octets).reverse().toString('hex')}`);

const { peers, absent, scratch } = startPeers();
afterAll(() => {
  for (const peer of peers) peer.close();
  rmSync(scratch, { recursive: true });
});

const openssl = peers.some(({ name }) => name === 'openssl');
if (!openssl && process.env['CI'] === 'true')
  throw new Error(`the OpenSSL peer is absent: ${absent.join('; ')}`);

describe.each(['openssl', 'bouncycastle'])('the known verdicts in the eyes of %s', (name) => {
  const peer = peers.find((each) => each.name === name);
  (peer === undefined ? it.skip : it).each(NAMES)(
    'hold on %s',
    async (curve) => {
      if (peer === undefined) return;
      await peer.ready;
      const cases: SignatureCase[] = [];
      for (const one of signatureCases(curve, 31)) {
        if (cases.length >= CASES) break;
        // BouncyCastle does not take a digest of zero modulo n for one (RFC 7091 §6.2 step 4), as the engine and we do.
        const skipped = name === 'bouncycastle' && number(one.digest) % parametersOf(curve).n === 0n;
        if (!skipped && !NO_KEY.test(one.label)) cases.push(one);
      }
      await peer.load(curve, cases);
      const verdicts = await peer.verdicts();
      const other = cases.filter(({ valid }, i) => verdicts[i] !== valid).map(({ label }) => label);
      expect(verdicts).toHaveLength(cases.length);
      expect(other).toEqual([]);
    },
    120_000,
  );
});
