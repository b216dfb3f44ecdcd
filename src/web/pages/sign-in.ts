import { failureTemplates } from '../failure-templates.js';
import { type Html, html } from '../html.js';
import { iinField } from '../iin-field.js';
import { renderLayout } from '../layout.js';
import { type SignInPage } from '../page.js';
import { passwordField } from '../password-field.js';
import { signingActions, signingData } from '../signing-part.js';
import { TEXT } from '../text/index.js';
import { type Text } from '../text/text.js';

function passwordForm(text: Text['signIn']): Html {
  return html`<details class="password" id="password-way">
    <summary>${text.passwordSummary}</summary>
    <form id="password-form" method="post" action="/" novalidate>
      <fieldset disabled>
        ${iinField(text)}
        ${passwordField({
          id: 'password',
          label: text.password,
          autocomplete: 'current-password',
          missing: text.passwordMissing,
          show: text.showPassword,
        })}
        <button type="submit" class="secondary" id="password-button">${text.passwordButton}</button>
        <p class="hint">${text.passwordNote}</p>
      </fieldset>
    </form>
  </details>`;
}

/** The sign-in page: EDS first, password behind a disclosure, and every failure's explanation ready in the markup. */
export function renderSignInPage(page: SignInPage): string {
  const text = TEXT[page.language];
  const { signIn, progress } = text;
  const main = html`<div class="gate">
      <section class="card" id="signing" aria-labelledby="title" ${signingData(page)}>
        <h1 id="title">${signIn.title}</h1>
        <p class="address">
          <span class="visually-hidden">${signIn.address}:</span>
          <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <circle cx="12" cy="12" r="9" />
            <path
              d="M3 12h18M12 3c2.6 2.7 3.9 5.7 3.9 9s-1.3 6.3-3.9 9c-2.6-2.7-3.9-5.7-3.9-9S9.4 5.7 12 3z"
            />
          </svg>
          <span>${new URL(page.origin).host}</span>
        </p>
        <p class="lead">${signIn.lead}</p>
        <noscript><p class="notice">${signIn.noScript}</p></noscript>
        ${signingActions(signIn.button, text, progress.stopped)} ${passwordForm(signIn)}
        ${page.registration ? html`<p class="aside"><a href="/register">${signIn.newcomer}</a></p>` : null}
      </section>
      <aside class="guide" aria-labelledby="guide-title">
        <h2 id="guide-title">${signIn.stepsTitle}</h2>
        <ol>
          ${signIn.steps.map((step) => html`<li>${step}</li>`)}
        </ol>
      </aside>
    </div>
    ${failureTemplates(page, page.registration)}`;
  return renderLayout(page, { title: signIn.title, main, script: 'sign-in.js', note: text.promise });
}
