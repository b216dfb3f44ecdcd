import { type XmlForm } from '../../../src/lab/index.js';
import { type Dice } from './documents.js';

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** A canonical form as the JDK, our verifier and the laboratory name it. */
export interface TestForm {
  readonly uri: string;
  readonly prefixes: readonly string[];
  /** As the oracle reads it. */
  readonly text: string;
  readonly lab: XmlForm;
}

export const FORMS: readonly (readonly [uri: string, lab: XmlForm])[] = [
  ['http://www.w3.org/TR/2001/REC-xml-c14n-20010315', { method: 'inclusive' }],
  ['http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments', { method: 'inclusive', comments: true }],
  ['http://www.w3.org/2006/12/xml-c14n11', { method: 'inclusive-1.1' }],
  ['http://www.w3.org/2006/12/xml-c14n11#WithComments', { method: 'inclusive-1.1', comments: true }],
  [EXCLUSIVE, { method: 'exclusive' }],
  [`${EXCLUSIVE}WithComments`, { method: 'exclusive', comments: true }],
];

/** One of the forms; half of the exclusive ones have a list of prefixes, some of which mean nothing where they stand. */
export function randomForm(dice: Dice): TestForm {
  const [uri, lab] = dice.pick(FORMS);
  const prefixes =
    lab.method === 'exclusive' && dice.chance(50)
      ? ['p', 'xs', '#default', 'nowhere', 'zz'].filter(() => dice.chance(50))
      : [];
  if (prefixes.length === 0) return { uri, prefixes, text: uri, lab };
  return { uri, prefixes, text: `${uri} ${prefixes.join(',')}`, lab: { ...lab, prefixes } };
}

/**
 * Two forms one after the other, as far as the JDK follows the standard: in the first of two it keeps the comments that a reference to
 * the same document has not, in the second it forgets the list of prefixes, and after an enveloped signature transform it puts back the
 * signature.
 */
export function twoForms(dice: Dice): readonly TestForm[] {
  const first = until(dice, ({ lab }) => lab.comments !== true);
  return [first, until(dice, ({ prefixes }) => prefixes.length === 0)];
}

function until(dice: Dice, fits: (form: TestForm) => boolean): TestForm {
  for (;;) {
    const form = randomForm(dice);
    if (fits(form)) return form;
  }
}
