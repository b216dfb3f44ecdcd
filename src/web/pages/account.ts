import { worded } from '../../reasons/wording.js';
import { contactFields } from '../contact-fields.js';
import { type Html, html } from '../html.js';
import { renderLayout } from '../layout.js';
import { moment } from '../moment.js';
import { type AccountPage } from '../page.js';
import { TEXT } from '../text/index.js';

/** The built-in role. */
const MANAGER = 'manager';

function row(term: string, detail: Html | string): Html {
  return html`<div>
    <dt>${term}</dt>
    <dd>${detail}</dd>
  </div>`;
}

/** How the person wants to be reached, and the way to change it. */
function contactsPart(page: AccountPage): Html | null {
  if (page.contacts === null) return null;
  const text = TEXT[page.language];
  const { contacts } = text.account;
  return html`<section class="contacts" aria-labelledby="contacts-title">
    <h2 id="contacts-title">${contacts.title}</h2>
    <form
      id="contacts-form"
      method="post"
      action="/me"
      novalidate
      data-saving="${contacts.saving}"
      data-saved="${contacts.saved}"
      data-failed="${contacts.failed}"
    >
      <fieldset disabled>
        ${contactFields(text, page.contacts)}
        <button type="submit" class="secondary">${contacts.save}</button>
      </fieldset>
    </form>
    <p class="status" id="contacts-status" role="status"></p>
  </section>`;
}

/** What had been set up in the person's name without an EDS. */
function endedPart(page: AccountPage): Html[] {
  const { account } = TEXT[page.language];
  return page.provisionalEnded.map(({ organisation, setAt, contacts }) => {
    const [before = '', after = ''] = account.provisionalEnded
      .replace('{organisation}', () => organisation.name)
      .split('{date}');
    return html`<p class="notice" data-provisional-ended>
      ${before}${moment(setAt, page.language)}${after} ${contacts ? account.provisionalContacts : null}
    </p>`;
  });
}

/** Where the person belongs, and the way out. */
function membershipsPart(page: AccountPage): Html {
  const { account } = TEXT[page.language];
  const { memberships } = account;
  const item = ({ id, organisation, status, provisional }: AccountPage['memberships'][number]): Html => {
    const note = provisional ? memberships.provisional : (memberships.statuses[status] ?? null);
    const sure = memberships.leaveSure.replace('{organisation}', () => organisation.name);
    return html`<li data-membership="${id}">
      <p><strong>${organisation.name}</strong></p>
      ${note === null ? null : html`<p class="hint">${note}</p>`}
      <div class="actions">
        ${
          provisional && page.method === 'eds'
            ? html`<button type="button" class="secondary" data-confirm disabled>
                ${memberships.confirm}
              </button>`
            : null
        }
        <button type="button" class="secondary" data-leave data-sure="${sure}" disabled>
          ${status === 'invited' ? memberships.decline : memberships.leave}
        </button>
      </div>
    </li>`;
  };
  return html`<section
    class="sessions"
    id="memberships"
    aria-labelledby="memberships-title"
    data-failed="${memberships.failed}"
  >
    <h2 id="memberships-title">${memberships.title}</h2>
    <ul>
      ${page.memberships.map(item)}
    </ul>
    <p class="status" id="memberships-status" role="status"></p>
  </section>`;
}

/** Where else the person is signed in, and the way to end that. */
function sessionsPart(page: AccountPage): Html {
  const { account } = TEXT[page.language];
  const { sessions } = account;
  const item = (session: AccountPage['sessions'][number]): Html =>
    html`<li data-session="${session.id}">
      <p>
        <strong>${deviceName(session.device) ?? sessions.unknownDevice}</strong>
        ${session.current ? html`<span class="current">${sessions.current}</span>` : null}
      </p>
      <p class="hint">
        ${[session.organisation, account.methods[session.method], session.address]
          .filter((part) => part !== null)
          .join(' · ')}
      </p>
      <p class="hint">
        ${account.signedInAt}: ${moment(session.createdAt, page.language)}<br />${sessions.lastSeen}:
        ${moment(session.lastSeenAt, page.language)}
      </p>
      ${
        session.current
          ? null
          : html`<button type="button" class="secondary" data-end disabled>${sessions.end}</button>`
      }
    </li>`;
  return html`<section
    class="sessions"
    id="sessions"
    aria-labelledby="sessions-title"
    data-failed="${sessions.failed}"
  >
    <h2 id="sessions-title">${sessions.title}</h2>
    <ul>
      ${page.sessions.map(item)}
    </ul>
    <div class="actions">
      ${
        page.sessions.length > 1
          ? html`<button type="button" class="secondary" data-end-others disabled>
              ${sessions.endOthers}
            </button>`
          : null
      }
      <button type="button" class="secondary" data-end-all disabled>${sessions.endAll}</button>
    </div>
    <p class="status" id="sessions-status" role="status"></p>
  </section>`;
}

const BROWSERS = [
  ['Edg/', 'Microsoft Edge'],
  ['OPR/', 'Opera'],
  ['YaBrowser/', 'Yandex Browser'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'Linux'] as const;

/** Browser and system as a person would name them; what names neither is shown as it is. */
function deviceName(device: string | null): string | null {
  if (device === null) return null;
  const browser = BROWSERS.find(([mark]) => device.includes(mark))?.[1];
  const system = SYSTEMS.find((name) => device.includes(name));
  if (browser === undefined && system === undefined) return device.slice(0, 80);
  return [browser, system].filter((part) => part !== undefined).join(', ');
}

/** The page a signed-in person sees: who they are to this gateway, how they came in, until when, and the way out. */
export function renderAccountPage(page: AccountPage): string {
  const { account } = TEXT[page.language];
  // The built-in role has a name in every language; the others are called what their organisation calls them.
  const roles = page.roles.map(({ name, title }) => (name === MANAGER ? account.manager : title));
  const main = html`<section class="card account" aria-labelledby="title">
    <p class="greeting">${account.greeting}</p>
    <h1 id="title">${page.name}</h1>
    ${
      page.certificateDaysLeft === null
        ? null
        : html`<p class="notice">
            ${worded(account.certificateEnds, page.language, { days: page.certificateDaysLeft })}
          </p>`
    }
    ${endedPart(page)}
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
      ${row(account.signedInAt, moment(page.signedInAt, page.language))}
      ${row(account.expiresAt, moment(page.expiresAt, page.language))}
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
    ${contactsPart(page)} ${membershipsPart(page)} ${sessionsPart(page)}
  </section>`;
  return renderLayout(page, { title: account.title, main, script: 'account.js' });
}
