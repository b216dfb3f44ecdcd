import { beforeAll, describe, expect, it } from '@jest/globals';
import * as eds from '../../src/eds/index.js';
import * as gost from '../../src/eds/gost/index.js';
import { concat, context, toPem } from '../../src/lab/der.js';
import {
  certIdOf,
  createLaboratory,
  encodeCrl,
  encodeOcspResponse,
  encodeTimestampToken,
  type Laboratory,
  signXml,
} from '../../src/lab/index.js';
import { forgeCertificate, forgeMessage } from './cms/forge-message.js';
import { NOBODY_TO_ASK, OFFLINE_DOCUMENT, trusted } from './support.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const DOCUMENT = new TextEncoder().encode('Договор № 1');
const POLICY = Object.freeze(OFFLINE_DOCUMENT);

/** Ways in which octets are handed in. Each gives a view and everything its memory holds. */
const FORMS: Readonly<Record<string, (octets: Uint8Array) => { given: Uint8Array; memory: Uint8Array }>> = {
  'a Uint8Array': (octets) => {
    const given = new Uint8Array(octets);
    return { given, memory: given };
  },
  'a Buffer of its own': (octets) => {
    const given = Buffer.alloc(octets.length);
    given.set(octets);
    return { given, memory: given };
  },
  'a Buffer in the midst of others': (octets) => {
    const memory = new Uint8Array(octets.length + 512).fill(0xa5);
    memory.set(octets, 256);
    return { given: Buffer.from(memory.buffer, 256, octets.length), memory };
  },
};

type Give = (octets: Uint8Array) => Uint8Array;
/** Calls an export with everything it accepts; what it answers must not depend on how often it was asked. */
type Call = (give: Give) => unknown;

let material: Readonly<Record<string, Uint8Array>>;
let trust: eds.TrustSet;

beforeAll(async () => {
  const lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
  trust = eds.createTrustSet(
    'lab',
    lab.trustCertificates().map(({ der, role }) => trusted(der, role)),
  );
  material = Object.freeze(await makeMaterial(lab));
});

async function makeMaterial(lab: Laboratory): Promise<Record<string, Uint8Array>> {
  const key = await lab.issue({ algorithm: 'gost2015-512', kind: 'individual' });
  const forged = await forgeCertificate(lab);
  const { issuing, timestampAuthority, ocspResponder } = lab.hierarchy('gost2015-512');
  const attached = await lab.signCms(key, DOCUMENT, { timestamp: {} });
  return {
    attached,
    detached: await lab.signCms(key, DOCUMENT, { detached: true }),
    streamed: await lab.signCms(key, DOCUMENT, { indefiniteLength: true }),
    bare: await lab.signCms(key, DOCUMENT, { signedAttributes: false }),
    unsorted: forgeMessage(forged, DOCUMENT, { sent: (sorted) => context(0, ...[...sorted].reverse()) }),
    padded: concat([attached, new Uint8Array(9)]),
    cut: attached.slice(0, 700),
    spoilt: await lab.signCms(key, DOCUMENT, { spoilSignature: true }),
    certificate: key.certificate,
    token: encodeTimestampToken(timestampAuthority, DOCUMENT, NOW),
    list: encodeCrl({ issuer: issuing, thisUpdate: NOW, nextUpdate: null, number: 1, entries: [] }),
    answer: encodeOcspResponse({
      certIds: [certIdOf(key, issuing)],
      status: 'good',
      responder: ocspResponder,
      producedAt: NOW,
    }),
    xml: new TextEncoder().encode(signXml(key, '<договор>№ 1</договор>')),
    pem: new TextEncoder().encode(toPem('CMS', attached)),
    base64: new TextEncoder().encode(Buffer.from(attached).toString('base64')),
    nothing: new Uint8Array(0),
    noise: Uint8Array.from({ length: 300 }, (_, index) => (index * 37) & 0xff),
    signature: key.privateKey.sign(DOCUMENT),
    digest: gost.digest('streebog-512', DOCUMENT),
    point: key.facts.publicKeyBits.slice(3),
  };
}

const each = async (run: (octets: Uint8Array) => unknown): Promise<unknown[]> => {
  const answers: unknown[] = [];
  for (const octets of Object.values(material)) {
    try {
      answers.push(await run(octets));
    } catch (error) {
      answers.push(error instanceof eds.EdsError ? error.code : error);
    }
  }
  return answers;
};

/** Exports that are given no octets: errors, memos, what a process starts with. */
const WITHOUT_OCTETS: readonly string[] = [
  ...['EdsError', 'isFormatCode', 'createPathMemo', 'createTrustSet'],
  ...['adoptKernel', 'compileKernel', 'kernelStatus'],
];

const CALLS: Readonly<Record<string, Call>> = {
  verifyCms: (give) =>
    each((octets) =>
      eds.verifyCms(
        Object.freeze({ cms: give(octets), content: give(DOCUMENT) }),
        trust,
        NOBODY_TO_ASK,
        POLICY,
        NOW,
      ),
    ),
  verifyEvidence: (give) =>
    each((octets) =>
      eds.verifyEvidence(
        Object.freeze({ input: give(octets), content: give(DOCUMENT) }),
        trust,
        NOBODY_TO_ASK,
        POLICY,
        NOW,
      ),
    ),
  verifyXml: (give) => each((octets) => eds.verifyXml(give(octets), trust, NOBODY_TO_ASK, POLICY, NOW)),
  decodePem: (give) => each((octets) => eds.decodePem(give(octets)).map(({ der }) => hexOf(der))),
  readSignatureInput: (give) => each((octets) => hexOf(eds.readSignatureInput(give(octets)))),
  parseCertificate: (give) => each((octets) => eds.parseCertificate(give(octets)).sha256),
  readIdentity: (give) => each((octets) => eds.readIdentity(eds.parseCertificate(give(octets)))),
  digest: (give) => each((octets) => hexOf(gost.digest('gost34311-95', give(octets)))),
  createDigest: (give) =>
    each((octets) =>
      hexOf(gost.createDigest('streebog-256').update(give(octets)).update(give(octets)).digest()),
    ),
  isPublicKey: (give) => each((octets) => gost.isPublicKey('gost2015-512', give(octets))),
  prepareKey: (give) => each((octets) => gost.prepareKey('gost2015-512', give(octets))),
  verify: (give) =>
    each((octets) =>
      gost.verify('gost2015-512', give(material['point']!), give(octets), give(material['digest']!)),
    ),
};

const hexOf = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

describe('what is given to the library', () => {
  it('is given to every export that takes octets', () => {
    const exported = [...Object.keys(eds), ...Object.keys(gost)];
    expect([...Object.keys(CALLS), ...WITHOUT_OCTETS].sort()).toEqual(exported.sort());
  });

  describe.each(Object.keys(FORMS))('as %s', (form) => {
    it.each(Object.keys(CALLS))('stays as it was under %s, and is answered the same again', async (name) => {
      const inputs: { memory: Uint8Array; before: Uint8Array }[] = [];
      const kept = new Map<Uint8Array, Uint8Array>();
      const give: Give = (octets) => {
        const known = kept.get(octets);
        if (known !== undefined) return known;
        const { given, memory } = FORMS[form]!(octets);
        inputs.push({ memory, before: new Uint8Array(memory) });
        kept.set(octets, given);
        return given;
      };
      const first = await CALLS[name]!(give);
      for (const { memory, before } of inputs) expect(Buffer.compare(memory, before)).toBe(0);
      expect(inputs.length).toBeGreaterThan(0);
      expect(await CALLS[name]!(give)).toEqual(first);
      expect(await CALLS[name]!((octets) => new Uint8Array(octets))).toEqual(first);
    });
  });

  it('is judged good where it is', async () => {
    const passes = async (name: string): Promise<string> => {
      const evidence = { cms: Buffer.from(material[name]!), content: Buffer.from(DOCUMENT) };
      return (await eds.verifyCms(evidence, trust, NOBODY_TO_ASK, POLICY, NOW)).indication;
    };
    for (const name of ['attached', 'detached', 'streamed', 'bare', 'unsorted', 'padded']) {
      expect([name, await passes(name)]).toEqual([name, 'TOTAL_PASSED']);
    }
  });
});
