import { type Language } from './language.js';

/** What is wrong with a field of a request, as far as it can be said in every language. */
export type FieldFault =
  | { readonly kind: 'missing' | 'type' | 'characters' | 'value' }
  /** Fields nothing is known of, by those of their names that may be told back. */
  | { readonly kind: 'unknown'; readonly names: readonly string[] };

const TEXTS: Readonly<Record<Exclude<Language, 'en'>, Readonly<Record<FieldFault['kind'], string>>>> = {
  kk: {
    missing: 'міндетті өріс жоқ',
    type: 'мәннің түрі басқа болуы керек',
    characters: 'мәтінде болмайтын таңбалар бар',
    value: 'мән қабылданбайды',
    unknown: 'белгісіз өрістер бар',
  },
  ru: {
    missing: 'обязательного поля нет',
    type: 'значение не того типа',
    characters: 'есть символы, которых не бывает в тексте',
    value: 'значение не подходит',
    unknown: 'есть неизвестные поля',
  },
};

/** What is wrong with a field, for a reader of another language than English, in which the schema itself says it. */
export function fieldFaultText(fault: FieldFault, language: Exclude<Language, 'en'>): string {
  const text = TEXTS[language][fault.kind];
  return fault.kind !== 'unknown' || fault.names.length === 0 ? text : `${text}: ${fault.names.join(', ')}`;
}
