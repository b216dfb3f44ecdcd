import { type Language, LANGUAGES } from './language.js';
import { type Reason } from './reason.js';

/** What stands for the placeholders of a text. */
export type Values = Readonly<Record<string, string | number>>;

/**
 * Fills the placeholders of a text: `{name}`, and `{name:one|few|many}` or `{name:one|other}`, which puts the word after the number in the
 * form the language asks for. A name without a value stays as it stands.
 */
export function worded(text: string, language: Language, values: Values): string {
  return text.replaceAll(/\{(\w+)(?::([^}]*))?\}/g, (whole, name: string, forms: string | undefined) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return whole;
    return forms === undefined
      ? String(value)
      : `${value} ${formFor(Number(value), forms.split('|'), language)}`;
  });
}

/** The form for a count: the first for "one", the second for "few", else the last. */
function formFor(count: number, forms: readonly string[], language: Language): string {
  const category = new Intl.PluralRules(language).select(count);
  const place = category === 'one' ? 0 : category === 'few' ? 1 : forms.length - 1;
  return forms[place] ?? '';
}

/** The numbers of the configuration that reasons speak of. */
export interface ReasonNumbers {
  /** Wrong passwords in a row that close the way in with a password. */
  readonly attempts: number;
  /** How long a challenge may be answered, in milliseconds. */
  readonly signingMs: number;
}

/** A catalogue with the numbers of one configuration in its texts. */
export function wordedReasons<Codes extends string>(
  catalogue: Readonly<Record<Codes, Reason>>,
  { attempts, signingMs }: ReasonNumbers,
): Readonly<Record<Codes, Reason>> {
  const wordedIn = (language: Language, reason: Reason): Reason['texts'][Language] => {
    const { title, detail } = reason.texts[language];
    const values = { attempts, signing: duration(signingMs, language) };
    return { title: worded(title, language, values), detail: worded(detail, language, values) };
  };
  const entries = Object.entries<Reason>(catalogue).map(([code, reason]) => {
    const texts = Object.fromEntries(LANGUAGES.map((language) => [language, wordedIn(language, reason)]));
    return [code, { ...reason, texts }];
  });
  return Object.fromEntries(entries) as Readonly<Record<Codes, Reason>>;
}

/** "5 minutes", or seconds where it is not whole minutes. */
function duration(milliseconds: number, language: Language): string {
  const seconds = Math.round(milliseconds / 1000);
  const [count, unit] = seconds % 60 === 0 ? [seconds / 60, 'minute'] : [seconds, 'second'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}
