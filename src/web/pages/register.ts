import { contactFields } from '../contact-fields.js';
import { failureTemplates } from '../failure-templates.js';
import { type Html, html } from '../html.js';
import { iinField } from '../iin-field.js';
import { renderLayout } from '../layout.js';
import { type RegisterPage } from '../page.js';
import { passwordField } from '../password-field.js';
import { ruleList } from '../rule-list.js';
import { signingActions, signingData, termsTexts } from '../signing-part.js';
import { TEXT } from '../text/index.js';
import { type Text } from '../text/text.js';

function whoseKey({ practices }: RegisterPage, { register }: Text): Html | null {
  if (practices.length === 0) return null;
  const option = (value: string, label: string, hint: string, checked: boolean): Html =>
    html`<label class="option">
      <input type="radio" name="kind" value="${value}" ${checked ? html`checked` : null} />
      <span>${label}<small>${hint}</small></span>
    </label>`;
  return html`<fieldset class="options" id="kinds">
    <legend>${register.kindTitle}</legend>
    ${option('', register.kinds.organisation.label, register.kinds.organisation.hint, true)}
    ${practices.map((kind) => option(kind, register.kinds[kind].label, register.kinds[kind].hint, false))}
  </fieldset>`;
}

function contacts(text: Text): Html {
  return html`<details class="more" id="contacts">
    <summary>${text.register.contactsSummary}</summary>
    ${contactFields(text)}
  </details>`;
}

/** Without a key at hand: the IIN the invitation is bound to, and a first password. */
function withPassword({ rules, language }: RegisterPage, { register, signIn }: Text): Html {
  return html`<details class="password" id="password-way">
    <summary>${register.passwordSummary}</summary>
    <form id="password-form" method="post" action="/invitation" novalidate>
      <fieldset disabled>
        ${iinField(signIn)}
        ${passwordField({
          id: 'password',
          label: register.newPassword,
          autocomplete: 'new-password',
          missing: signIn.passwordMissing,
          show: signIn.showPassword,
          describedBy: 'rules',
        })}
        ${ruleList(rules, language)}
        <button type="submit" class="secondary" id="password-button">${register.passwordButton}</button>
      </fieldset>
    </form>
  </details>`;
}

/** Registration, or the taking of an invitation whose token stands behind `#` and never reaches a server by itself. */
export function renderRegisterPage(page: RegisterPage): string {
  const text = TEXT[page.language];
  const { register, signIn } = text;
  const title = page.invited ? register.invitationTitle : register.title;
  const main = html`<div class="gate">
      <section
        class="card"
        id="signing"
        aria-labelledby="title"
        data-invited="${String(page.invited)}"
        ${signingData(page)}
      >
        <h1 id="title">${title}</h1>
        <p class="lead" id="lead" data-invited-by="${register.invitedBy}">
          ${page.invited ? register.invitationLead : register.lead}
        </p>
        <noscript><p class="notice">${signIn.noScript}</p></noscript>
        <div id="form">
          ${page.invited ? null : whoseKey(page, text)} ${termsTexts(page, text)} ${contacts(text)}
        </div>
        ${signingActions(register.button, text)} ${page.invited ? withPassword(page, text) : null}
        <p class="aside"><a href="/">${text.toSignIn}</a></p>
      </section>
      <aside class="guide" aria-labelledby="guide-title">
        <h2 id="guide-title">${register.stepsTitle}</h2>
        <ol>
          ${(page.invited ? register.invitationSteps : register.steps).map((step) => html`<li>${step}</li>`)}
        </ol>
      </aside>
    </div>
    <template id="requested">
      <section class="failure" data-tone="calm" data-failure="requested" aria-labelledby="requested-title">
        <svg class="failure-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <circle cx="12" cy="12" r="9" />
          <path d="m8 12.5 2.8 2.8L16.5 9.5" />
        </svg>
        <div class="failure-body">
          <h2 id="requested-title" tabindex="-1">${register.requestedTitle}</h2>
          <p data-slot="requested" data-text="${register.requested}"></p>
        </div>
      </section>
    </template>
    ${failureTemplates(page)}`;
  return renderLayout(page, { title, main, script: 'register.js', note: text.promise });
}
