import { type Html, html } from '../html.js';
import { renderLayout } from '../layout.js';
import { type SignInPage } from '../page.js';
import { passwordField } from '../password-field.js';
import { TEXT } from '../text/index.js';
import { failureTemplates } from '../failure-templates.js';
import { type Text } from '../text/text.js';

function passwordForm(text: Text['signIn']): Html {
  return html`<details class="password" id="password-way">
    <summary>${text.passwordSummary}</summary>
    <form id="password-form" method="post" action="/" novalidate>
      <fieldset disabled>
        <div class="field">
          <label for="iin">${text.iin}</label>
          <input
            id="iin"
            name="iin"
            type="text"
            inputmode="numeric"
            autocomplete="username"
            maxlength="20"
            spellcheck="false"
            required
            aria-describedby="iin-hint iin-error"
          />
          <p class="hint" id="iin-hint">${text.iinHint}</p>
          <p class="field-error" id="iin-error" data-text="${text.iinWrong}"></p>
        </div>
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
      <section
        class="card"
        id="sign-in"
        aria-labelledby="title"
        data-ncalayer-url="${page.ncalayerUrl}"
        data-ncalayer-chain="${JSON.stringify(page.ncalayerChain)}"
        data-next="${page.next}"
      >
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
        <div id="outcome"></div>
        <div class="actions">
          <button
            type="button"
            class="primary"
            id="eds-button"
            data-first="${signIn.button}"
            data-again="${signIn.retry}"
            disabled
          >
            ${signIn.button}
          </button>
          <button type="button" class="quiet" id="stop-button" hidden>${signIn.stop}</button>
        </div>
        <p
          class="status"
          id="status"
          role="status"
          data-connecting="${progress.connecting}"
          data-permission="${progress.permission}"
          data-preparing="${progress.preparing}"
          data-choosing="${progress.choosing}"
          data-checking="${progress.checking}"
          data-checking-password="${progress.checkingPassword}"
          data-opening="${progress.opening}"
          data-stopped="${progress.stopped}"
        ></p>
        ${passwordForm(signIn)}
        ${page.registration ? html`<p class="aside"><a href="/register">${signIn.newcomer}</a></p>` : null}
      </section>
      <aside class="guide" aria-labelledby="guide-title">
        <h2 id="guide-title">${signIn.stepsTitle}</h2>
        <ol>
          ${signIn.steps.map((step) => html`<li>${step}</li>`)}
        </ol>
      </aside>
    </div>
    ${failureTemplates(text)}`;
  return renderLayout(page, { title: signIn.title, main, script: 'sign-in.js', note: text.promise });
}
