import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseCertificate } from '../../../src/eds/certificate/certificate.js';
import { type DocumentPolicy } from '../../../src/eds/judgement/policy.js';
import { type RevocationSource } from '../../../src/eds/judgement/revocation.js';
import { createTrustSet, type TrustSet } from '../../../src/eds/trust-set.js';
import { type VerificationReport } from '../../../src/eds/judgement/verdict.js';
import { verifyXml } from '../../../src/eds/xml/verify.js';
import { createLaboratory, type LabKey, signXml } from '../../../src/lab/index.js';
import { elementWithId, parseXml, type XmlNode } from '../../../src/lab/xml/document.js';
import { Dice, generateDocument, PLACE, TARGET } from './documents.js';
import { randomForm, type TestForm, twoForms } from './forms.js';
import { askJdk, base64, fromBase64, jdkPresent } from './jdk.js';
import { mutate } from './mutations.js';

const NOW = new Date('2026-11-23T10:00:00Z');
const POLICY: DocumentPolicy = { name: 'document', revocation: 'not-checked', checksums: 'warn' };
const NOBODY: RevocationSource = { statusOf: () => Promise.reject(new Error('nobody is to be asked')) };
/** In each direction. */
const DOCUMENTS = 300;
/** Milliseconds for a virtual machine to start and to sign or verify some hundred documents on a busy machine. */
const TIMEOUT = 240_000;

interface Variant {
  readonly xml: string;
  readonly uri: string;
  readonly enveloped: boolean;
  readonly form: TestForm;
  readonly forms: readonly TestForm[];
}

let trust: TrustSet;
let key: LabKey;

beforeAll(async () => {
  const lab = await createLaboratory({ now: NOW, algorithms: ['rsa-2048'] });
  trust = createTrustSet(
    'lab',
    lab.trustCertificates().map(({ role, der }) => ({
      certificate: parseCertificate(der),
      role,
      purposes: ['document'],
      window: { from: null, until: null },
    })),
  );
  key = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
});

function variants(seed: number): readonly Variant[] {
  const dice = new Dice(seed);
  return Array.from({ length: DOCUMENTS }, () => {
    const xml = generateDocument(dice, { bases: false, repeated: false });
    const uri = dice.chance(50) ? '' : `#${TARGET}`;
    const enveloped = uri === '' || holdsPlace(elementWithId(parseXml(xml), TARGET)) || dice.chance(30);
    const forms = dice.chance(25) && !enveloped ? twoForms(dice) : dice.chance(75) ? [randomForm(dice)] : [];
    return { xml, uri, enveloped, form: randomForm(dice), forms };
  });
}

function holdsPlace(node: XmlNode): boolean {
  if (node.kind === 'comment') return node.text === 'signature';
  return node.kind === 'element' && node.children.some(holdsPlace);
}

function verify(xml: string): Promise<VerificationReport> {
  return verifyXml(new TextEncoder().encode(xml), trust, NOBODY, POLICY, NOW);
}

function keyRequest(): readonly string[] {
  return ['key', base64(key.privateKey.privateKeyInfo), base64(key.certificate)];
}

function signedByJdk(all: readonly Variant[]): readonly string[] {
  const [, ...answers] = askJdk([
    keyRequest(),
    ...all.map(({ xml, uri, enveloped, form, forms }) => [
      'sign',
      base64(xml),
      uri,
      form.text,
      ...(enveloped ? ['enveloped'] : []),
      ...forms.map(({ text }) => text),
    ]),
  ]);
  return answers.map((answer, index) => {
    if (!answer.ok) throw new Error(`${answer.message} ${JSON.stringify(all[index])}`);
    return all[index]!.xml.replace(PLACE, () => fromBase64(answer.value) + PLACE);
  });
}

function signedByLaboratory(all: readonly Variant[]): readonly string[] {
  return all.map(({ xml, uri, enveloped, form, forms }) =>
    signXml(key, xml, {
      uri,
      before: PLACE,
      signedInfoForm: form.lab,
      transforms: [...(enveloped ? (['enveloped'] as const) : []), ...forms.map(({ lab }) => lab)],
    }),
  );
}

function validForJdk(documents: readonly string[]): readonly string[] {
  const [, ...answers] = askJdk([keyRequest(), ...documents.map((xml) => ['verify', base64(xml)])]);
  return answers.map((answer) => (answer.ok ? answer.value : answer.message));
}

/** The JDK passes over whatever is not base64 within a value, elements and comments among it; we do not. */
function hasCleanValues(xml: string): boolean {
  const values = xml.match(/<ds:(?:Digest|Signature)Value>[\s\S]*?<\/ds:(?:Digest|Signature)Value>/g) ?? [];
  return values.every((value) => {
    const base64Text = value.replace(/^<[^>]*>|<\/[^>]*>$|\s|&#13;|&#xD;/g, '');
    return Buffer.from(base64Text, 'base64').toString('base64') === base64Text;
  });
}

(jdkPresent() ? describe : describe.skip)("the JDK's XMLDSig", () => {
  it(
    `signs ${DOCUMENTS} generated documents, all of them good here`,
    async () => {
      const all = variants(1);
      for (const [index, xml] of signedByJdk(all).entries()) {
        const { code, signatures } = await verify(xml);
        const { uri } = all[index]!;
        expect({ xml, code, scope: signatures[0]?.signedContent?.scope }).toEqual({
          xml,
          code: null,
          scope: uri === '' ? 'whole' : 'part',
        });
      }
    },
    TIMEOUT,
  );

  it(
    `finds ${DOCUMENTS} documents signed by the laboratory good, as does the verifier`,
    async () => {
      const documents = signedByLaboratory(variants(2));
      for (const [index, answer] of validForJdk(documents).entries()) {
        const xml = documents[index]!;
        expect({ xml, answer, code: (await verify(xml)).code }).toEqual({ xml, answer: 'valid', code: null });
      }
    },
    TIMEOUT,
  );

  it(
    `agrees about ${2 * DOCUMENTS} documents that were changed after signing`,
    async () => {
      const dice = new Dice(3);
      const signed = [...signedByJdk(variants(4)), ...signedByLaboratory(variants(5))];
      const changed = signed.map((xml) => mutate(xml, dice));
      let refused = 0;
      for (const [index, answer] of validForJdk(changed).entries()) {
        const xml = changed[index]!;
        const { code } = await verify(xml);
        if (code !== null) refused += 1;
        if (!hasCleanValues(xml)) continue;
        expect({ xml, answer: answer === 'valid', code }).toEqual({ xml, answer: code === null, code });
      }
      expect(refused).toBeGreaterThan(DOCUMENTS);
    },
    TIMEOUT,
  );
});
