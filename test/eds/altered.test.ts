import { describe, expect, it } from '@jest/globals';
import { readSignatureInput } from '../../src/eds/asn1/signature-input.js';
import { createPathMemo } from '../../src/eds/path/memo.js';
import { type VerificationReport } from '../../src/eds/judgement/verdict.js';
import { verifyCms } from '../../src/eds/cms/verify.js';
import { sharedBytes, sharedMaterialPresent } from '../support/shared-material.js';
import { NOBODY_TO_ASK, nucTrust, OFFLINE_DOCUMENT } from './support.js';

const TODAY = new Date('2026-11-23T00:00:00Z');

/**
 * Octets nobody signs and nothing depends on, by offset: the version and the list of digest algorithms in front of a SignedData
 * and of the token in it (RFC 5652 §5.1 lets the list be empty), the version of a SignerInfo, and the unsigned attributes: a
 * time-stamp that is damaged is as if it had been taken away.
 */
const UNSIGNED: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  'cms-gost2015-attached-t.der': [
    [23, 42],
    [1241, 1242],
    [1723, 3459],
  ],
  'cms-rsa-attached.der': [
    [23, 43],
    [1616, 1617],
  ],
  'cms-gost2004-t.pem': [
    [23, 42],
    [1222, 1223],
    [1640, 1659],
    [2786, 2787],
  ],
};

(sharedMaterialPresent() ? describe : describe.skip)('a real signature with one octet changed', () => {
  it.each([
    ['cms-gost2015-attached-t.der', TODAY],
    ['cms-gost2004-t.pem', TODAY],
    ['cms-rsa-attached.der', new Date('2021-06-01T00:00:00Z')],
  ])('%s never passes, whichever signed octet it is', async (name, at) => {
    const trust = nucTrust();
    const memo = createPathMemo();
    const original = readSignatureInput(sharedBytes(`vectors/${name}`));
    const judge = (cms: Uint8Array): Promise<VerificationReport> =>
      verifyCms({ cms }, trust, NOBODY_TO_ASK, OFFLINE_DOCUMENT, at, memo);
    const proved = (await judge(original)).signatures[0]?.bestSignatureTime;

    const survivors: number[] = [];
    for (let index = 0; index < original.length; index += 1) {
      const changed = original.slice();
      changed[index]! ^= 1 << (index % 8);
      const { indication, signatures } = await judge(changed);
      if (indication !== 'TOTAL_PASSED') continue;
      survivors.push(index);
      // Proved by the whole time-stamp, or by none.
      const [signature] = signatures;
      const stamped = signature?.timestamps.some(({ valid }) => valid) === true;
      expect(signature?.bestSignatureTime).toBe(stamped ? proved : at.toISOString());
    }
    const signedSurvivors = survivors.filter(
      (index) => !UNSIGNED[name]!.some(([from, to]) => index >= from && index < to),
    );
    expect(signedSurvivors).toEqual([]);
  });

  it('and cut at any octet it is refused as unreadable', async () => {
    const original = sharedBytes('vectors/cms-gost2015-attached-t.der');
    const trust = nucTrust();
    for (let length = 0; length < original.length; length += 1) {
      const cms = original.subarray(0, length);
      const report = await verifyCms({ cms }, trust, NOBODY_TO_ASK, OFFLINE_DOCUMENT, TODAY);
      expect([report.indication, report.subIndication]).toEqual(['TOTAL_FAILED', 'FORMAT_FAILURE']);
    }
  });
});
