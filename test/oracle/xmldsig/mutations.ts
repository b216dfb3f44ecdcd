import { type Dice } from './documents.js';

type Mutation = (xml: string, dice: Dice) => string;

const SIGNATURE = /<ds:Signature[\s\S]*<\/ds:Signature>/;

/** Each changes a document in another way; where there is nothing to change it returns the document as it was. */
const MUTATIONS: readonly Mutation[] = [
  // one character of the document or of what is signed, for another
  (xml, dice) => {
    const characters = Array.from(xml);
    const at = dice.roll(characters.length);
    characters[at] = dice.pick(['a', 'Z', '7', ' ', '\n', '<', '&', '"', 'ң', '\u0085', '>', '-', '=']);
    return characters.join('');
  },
  // one character less, one more
  (xml, dice) => {
    const at = dice.roll(xml.length);
    return xml.slice(0, at) + xml.slice(at + 1);
  },
  (xml, dice) => {
    const at = dice.roll(xml.length);
    return (
      xml.slice(0, at) + dice.pick(['a', ' ', '\n', '<b/>', '<!--c-->', '<?d?>', '&#65;']) + xml.slice(at)
    );
  },
  // names of algorithms, identifiers and namespaces
  (xml) => xml.replace('#WithComments"', '"'),
  (xml) => xml.replace('REC-xml-c14n-20010315', 'REC-xml-c14n-20010316'),
  (xml) => xml.replace('URI="#target-1"', 'URI=""'),
  (xml) => xml.replace('URI=""', 'URI="#target-1"'),
  (xml) => xml.replace('"target-1"', '"target-2"'),
  (xml) => xml.replace('urn:a', 'urn:b'),
  (xml) => xml.replace('PrefixList="', 'PrefixList="q '),
  (xml) => xml.replace(/<ds:Transform [^>]*\/>/, ''),
  // the signature elsewhere, or twice
  (xml) => {
    const signature = SIGNATURE.exec(xml)?.[0] ?? '';
    return xml
      .replace(signature, '')
      .replace(
        /(<\/[^>]*>)((?:\s|<!--[\s\S]*?-->|<\?[\s\S]*?\?>)*)$/,
        `${signature.replaceAll('$', '$$$$')}$1$2`,
      );
  },
  // what nothing signs
  (xml) => xml.replace('<!--signature-->', '<!-- another -->'),
  (xml) => xml.replace('<?go?>', '<?stop?>'),
  (xml) => `${xml}\n<!-- after -->`,
  (xml) => `${xml}<?after?>`,
  // around the signed document
  (xml) => `<wrapper>${xml.replace(/^<\?xml [^>]*>/, '')}</wrapper>`,
  (xml) => xml.replace(/<\/ds:SignatureValue>/, '=</ds:SignatureValue>'),
  (xml) =>
    xml.replace(
      /(<ds:DigestValue>\s*)(.)/,
      (_, start: string, first: string) => `${start}${first === 'A' ? 'B' : 'A'}`,
    ),
];

/** The document changed in one way; never within KeyInfo, whose certificate the JDK is not asked about. */
export function mutate(xml: string, dice: Dice): string {
  const keyInfo = /<ds:KeyInfo>[\s\S]*<\/ds:KeyInfo>/.exec(xml)?.[0] ?? '';
  const open = xml.replace(keyInfo, '\uE000');
  for (;;) {
    const changed = dice.pick(MUTATIONS)(open, dice);
    if (changed !== open && changed.includes('\uE000')) return changed.replace('\uE000', () => keyInfo);
  }
}
