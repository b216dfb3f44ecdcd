import { type Html, html } from './html.js';
import { type Language, LANGUAGES } from '../reasons/language.js';
import { type PageContext } from './page.js';
import { TEXT } from './text/index.js';

const SHORT_NAMES: Readonly<Record<Language, string>> = { kk: 'Қаз', ru: 'Рус', en: 'Eng' };

/** The page's own address with another language; relative, so that a path of `//host` cannot lead elsewhere. */
function inLanguage(address: string, language: Language): string {
  const query = new URLSearchParams(address.split('?')[1] ?? '');
  query.set('lang', language);
  return `?${query.toString()}`;
}

function languageSwitch({ address, language }: PageContext): Html {
  const text = TEXT[language];
  return html`<nav class="languages" aria-label="${text.languageSwitch}">
    <ul>
      ${LANGUAGES.map(
        (other) =>
          html`<li>
            <a
              href="${inLanguage(address, other)}"
              lang="${other}"
              hreflang="${other}"
              aria-label="${text.languageNames[other]}"
              ${other === language ? html`aria-current="true"` : null}
              >${SHORT_NAMES[other]}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`;
}

/** The frame around every page: head, brand, language switch, main content, note. `script` is a file of `src/web/browser`. */
export function renderLayout(
  page: PageContext,
  content: {
    readonly title: string;
    readonly main: Html;
    readonly script: string | null;
    readonly note?: string;
  },
): string {
  const text = TEXT[page.language];
  return html`<!doctype html>
    <html lang="${page.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${content.title} · Qaqpa</title>
        <link rel="icon" href="/assets/mark.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/qaqpa.css" />
        ${
          content.script === null
            ? null
            : html`<script type="module" src="/assets/js/web/browser/${content.script}"></script>`
        }
      </head>
      <body>
        <a class="skip" href="#main">${text.skipToContent}</a>
        <header class="top">
          <a class="brand" href="/">
            <img src="/assets/mark.svg" alt="" width="36" height="36" />
            <span class="brand-name">Qaqpa</span>
            <span class="brand-tagline">${text.tagline}</span>
          </a>
          ${languageSwitch(page)}
        </header>
        <main id="main" tabindex="-1">${content.main}</main>
        ${content.note === undefined ? null : html`<footer class="bottom"><p>${content.note}</p></footer>`}
      </body>
    </html>`.markup;
}
