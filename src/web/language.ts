import { type Language, LANGUAGES } from '../reasons/language.js';

/** The cookie that remembers the language a person picked in the switch (`?lang=`). It holds nothing else, and no other host can set it. */
export const LANGUAGE_COOKIE = '__Host-qaqpa-lang';

function asLanguage(value: string | undefined): Language | undefined {
  return LANGUAGES.find((language) => language === value);
}

interface Preference {
  readonly language: Language;
  readonly weight: number;
}

/** RFC 9110 §12.5.4, reduced to the primary tag; a weight of 0 means "not this one". */
function acceptedLanguage(header: string): Language | undefined {
  const preferences: Preference[] = [];
  for (const range of header.slice(0, 500).split(',')) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
    const language = asLanguage(tag.split('-')[0]);
    const quality = parameters.map((parameter) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(parameter)?.[1]);
    const weight = Number(quality.find((value) => value !== undefined) ?? '1');
    if (language !== undefined && weight > 0) preferences.push({ language, weight });
  }
  return preferences.reduce<Preference | undefined>(
    (best, next) => (best === undefined || next.weight > best.weight ? next : best),
    undefined,
  )?.language;
}

/**
 * The language to answer in: an explicit choice (`?lang=`), else the remembered one (`LANGUAGE_COOKIE`), else the browser's
 * `Accept-Language`, else Kazakh. Values that are not one of ours count as absent.
 */
export function chooseLanguage(request: {
  readonly query?: string | undefined;
  readonly cookie?: string | undefined;
  readonly acceptLanguage?: string | undefined;
}): Language {
  return (
    asLanguage(request.query) ??
    asLanguage(request.cookie) ??
    acceptedLanguage(request.acceptLanguage ?? '') ??
    'kk'
  );
}
