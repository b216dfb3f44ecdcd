import { type Html, html } from '../html.js';
import { type Language } from '../language.js';
import { renderLayout } from '../layout.js';
import { type AccountPage } from '../page.js';
import { TEXT } from '../text/index.js';

const LOCALES: Readonly<Record<Language, string>> = { kk: 'kk-KZ', ru: 'ru-KZ', en: 'en-GB' };
const KAZAKHSTAN_TIME = 'Asia/Almaty';

function moment(at: Date, { language, timeZone }: AccountPage): Html {
  const shown = new Intl.DateTimeFormat(LOCALES[language], {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: timeZone ?? KAZAKHSTAN_TIME,
    timeZoneName: 'shortOffset',
  })
    .format(at)
    .replace('GMT', 'UTC');
  return html`<time datetime="${at.toISOString()}">${shown}</time>`;
}

function row(term: string, detail: Html | string): Html {
  return html`<div>
    <dt>${term}</dt>
    <dd>${detail}</dd>
  </div>`;
}

/** The page a signed-in person sees: who they are to this gateway, how they came in, until when, and the way out. */
export function renderAccountPage(page: AccountPage): string {
  const { account } = TEXT[page.language];
  const roles = page.roles.map((role) =>
    Object.hasOwn(account.roleNames, role) ? (account.roleNames[role] ?? role) : role,
  );
  const main = html`<section class="card account" aria-labelledby="title">
    <p class="greeting">${account.greeting}</p>
    <h1 id="title">${page.name}</h1>
    <dl class="facts">
      ${row(account.organisation, page.organisation ?? account.noOrganisation)}
      ${page.bin === null ? null : row(account.bin, html`<span class="number">${page.bin}</span>`)}
      ${row(
        account.roles,
        roles.length === 0
          ? account.noRoles
          : html`<ul class="roles">
              ${roles.map((role) => html`<li>${role}</li>`)}
            </ul>`,
      )}
      ${row(account.method, account.methods[page.method])}
      ${row(account.signedInAt, moment(page.signedInAt, page))}
      ${row(account.expiresAt, moment(page.expiresAt, page))}
    </dl>
    <p>
      <a href="/me/password">${page.method === 'password' ? account.changePassword : account.setPassword}</a>
    </p>
    <p class="hint">${account.advice}</p>
    <div class="actions">
      <button type="button" class="primary" id="sign-out-button" disabled>${account.signOut}</button>
    </div>
    <p
      class="status"
      id="status"
      role="status"
      data-leaving="${account.signingOut}"
      data-failed="${account.signOutFailed}"
    ></p>
  </section>`;
  return renderLayout(page, { title: account.title, main, script: 'account.js' });
}
