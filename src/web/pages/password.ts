import { type Html, html } from '../html.js';
import { renderLayout } from '../layout.js';
import { type PasswordPage } from '../page.js';
import { passwordField } from '../password-field.js';
import { TEXT } from '../text/index.js';
import { type Text } from '../text/text.js';

const DAY_MS = 24 * 60 * 60_000;

/** The rules in force, in words. `breaks` are the names of `checkPassword` that a line stands for. */
function rulesInForce(
  { rules }: PasswordPage,
  text: Text['password']['rules'],
): readonly { readonly breaks: string; readonly line: string }[] {
  const filled = (line: string, numbers: Readonly<Record<string, number>>): string =>
    Object.entries(numbers).reduce(
      (filling, [name, value]) => filling.replace(`{${name}}`, String(value)),
      line,
    );
  const { minLength, maxLength, characterClasses, reuse } = rules;
  const classesLine = characterClasses === 4 ? text.allClasses : text.classes;
  return [
    { breaks: 'too-short too-long', line: filled(text.length, { min: minLength, max: maxLength }) },
    ...(characterClasses === 0
      ? []
      : [{ breaks: 'character-classes', line: filled(classesLine, { count: characterClasses }) }]),
    ...(rules.context ? [{ breaks: 'context', line: text.context }] : []),
    ...(rules.common || rules.breached ? [{ breaks: 'common breached', line: text.common }] : []),
    ...(reuse === 0 ? [] : [{ breaks: 'reused', line: filled(text.reuse, { count: reuse }) }]),
  ];
}

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
      <div class="rules" id="rules">
        <p>${text.rulesTitle}</p>
        <ul>
          ${rulesInForce(page, text.rules).map(
            ({ breaks, line }) =>
              html`<li data-breaks="${breaks}">
                <span class="rule-text">${line}</span>
                <span class="visually-hidden" data-slot="state"></span>
              </li>`,
          )}
        </ul>
      </div>
      <p
        class="visually-hidden"
        id="rules-status"
        role="status"
        data-met="${text.met}"
        data-unmet="${text.unmet}"
        data-all="${text.allMet}"
        data-left="${text.left}"
      ></p>
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
    data-rules="${JSON.stringify(page.rules)}"
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
        : html`<p class="hint">${text.age.replace('{days}', String(Math.floor(maxAgeMs / DAY_MS)))}</p>`
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
