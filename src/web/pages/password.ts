import { worded } from '../../reasons/wording.js';
import { type Html, html } from '../html.js';
import { renderLayout } from '../layout.js';
import { type PasswordPage } from '../page.js';
import { passwordField } from '../password-field.js';
import { ruleList } from '../rule-list.js';
import { TEXT } from '../text/index.js';
import { type Text } from '../text/text.js';

const DAY_MS = 24 * 60 * 60_000;

function form(page: PasswordPage, text: Text['password'], show: string): Html {
  return html`<form id="password-form" method="post" action="/me/password" novalidate>
    <fieldset disabled>
      <input type="text" autocomplete="username" value="${page.context.iin}" readonly hidden />
      ${
        page.mode === 'change'
          ? passwordField({
              id: 'current',
              label: text.current,
              autocomplete: 'current-password',
              missing: text.currentMissing,
              show,
            })
          : null
      }
      ${passwordField({
        id: 'password',
        label: text.new,
        autocomplete: 'new-password',
        missing: text.newMissing,
        show,
        describedBy: 'rules',
      })}
      ${ruleList(page.rules, page.language)}
      <button type="submit" class="primary" id="password-button">${text.save}</button>
    </fieldset>
  </form>`;
}

/** The page where a person sets or changes their own password, with the rules answered while they type. */
export function renderPasswordPage(page: PasswordPage): string {
  const { account, password: text, signIn } = TEXT[page.language];
  const title = page.mode === 'change' ? text.changeTitle : text.setTitle;
  const { maxAgeMs } = page.rules;
  const main = html`<section
    class="card password-change"
    id="password-change"
    aria-labelledby="title"
    data-next="${page.next}"
    data-required="${String(page.required)}"
    data-context="${JSON.stringify(page.context)}"
  >
    <h1 id="title">${title}</h1>
    ${page.required ? html`<p class="notice">${text.required}</p>` : null}
    <p class="lead">${text.leads[page.mode]}</p>
    <noscript><p class="notice">${text.noScript}</p></noscript>
    ${page.mode === 'sign-again' ? null : form(page, text, signIn.showPassword)}
    ${
      maxAgeMs === 0 || page.mode === 'sign-again'
        ? null
        : html`<p class="hint">
            ${worded(text.age, page.language, { days: Math.floor(maxAgeMs / DAY_MS) })}
          </p>`
    }
    <p
      class="status"
      id="status"
      role="status"
      data-saving="${text.saving}"
      data-saved="${text.saved}"
      data-offline="${text.offline}"
    ></p>
    ${page.required ? null : html`<p><a id="back" href="${page.next}">${text.back}</a></p>`}
    <p class="aside">
      <button type="button" class="link" id="leave-button">${account.signOut}</button>
    </p>
  </section>`;
  return renderLayout(page, {
    title,
    main,
    script: page.mode === 'sign-again' ? 'leave.js' : 'password.js',
  });
}
