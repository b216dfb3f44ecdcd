import { describe, expect, it } from '@jest/globals';
import { canonicalise } from '../../../src/eds/xml/canonical.js';
import { canonicalFormOf } from '../../../src/eds/xml/canonical-form.js';
import { elementFinder } from '../../../src/eds/xml/identifiers.js';
import { scanXml } from '../../../src/eds/xml/scanner.js';
import { Dice, generateDocument, TARGET } from './documents.js';
import { askJdk, base64, fromBase64, jdkPresent } from './jdk.js';
import { FORMS, randomForm, type TestForm } from './forms.js';

const SEED = 20261130;
const DOCUMENTS = 400;

interface Sample {
  readonly xml: string;
  readonly id: string;
  readonly form: TestForm;
}

function samples(): readonly Sample[] {
  const dice = new Dice(SEED);
  return Array.from({ length: DOCUMENTS }, () => ({
    xml: generateDocument(dice, { bases: true, repeated: true }),
    id: dice.chance(65) ? TARGET : '',
    form: randomForm(dice),
  }));
}

function ours({ xml, id, form }: Sample): string {
  const document = scanXml(xml);
  const apex = id === '' ? document : elementFinder(document)(`#${id}`);
  const prefixes = form.prefixes.map((prefix) => (prefix === '#default' ? '' : prefix));
  return Buffer.from(canonicalise(apex, canonicalFormOf(form.uri, prefixes)!, 1 << 24).octets).toString(
    'utf8',
  );
}

(jdkPresent() ? describe : describe.skip)("the JDK's canonicaliser", () => {
  it(`agrees with ours on ${DOCUMENTS} generated documents in every form`, () => {
    const all = samples();
    const answers = askJdk(all.map(({ xml, id, form }) => ['canon', base64(xml), id, form.text]));
    for (const [index, answer] of answers.entries()) {
      const sample = all[index]!;
      expect({ sample, canonical: answer.ok ? fromBase64(answer.value) : answer.message }).toEqual({
        sample,
        canonical: ours(sample),
      });
    }
    expect(new Set(all.map(({ form }) => form.uri)).size).toBe(FORMS.length);
  }, 240_000);
});
