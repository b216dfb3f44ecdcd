import { type Html, html } from './html.js';
import { type Language } from '../reasons/language.js';

/** Kept for as long as the program runs: each takes 0.1 ms to make, and 35 KB beside V8's heap until its next collection (docs/decisions/0027). */
const FORMATS: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  kk: formatOf('kk-KZ'),
  ru: formatOf('ru-KZ'),
  en: formatOf('en-GB'),
};

function formatOf(locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'Asia/Almaty',
    timeZoneName: 'shortOffset',
  });
}

/** A date and time of day as people write them, in the time of Kazakhstan. */
export function moment(at: Date, language: Language): Html {
  const shown = FORMATS[language].format(at).replace('GMT', 'UTC');
  return html`<time datetime="${at.toISOString()}">${shown}</time>`;
}
