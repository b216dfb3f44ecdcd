import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { type AccountDirectory } from '../../accounts/directory.js';
import { type RoleDefinition } from '../../accounts/role.js';
import { type RegistrationKind } from '../../joining/enrolment.js';
import { type MySessions } from '../../me/my-sessions.js';
import { type OwnContacts } from '../../me/own-contacts.js';
import { type OwnMemberships } from '../../me/own-memberships.js';
import { type PasswordChanges } from '../../me/password-change.js';
import { type Presence, type Presences } from '../../me/presence.js';
import { type PasswordRules } from '../../passwords/rules/rules.js';
import { type TermsLedger } from '../../personal-data/terms-ledger.js';
import { type Reasons } from '../../reasons/catalogue.js';
import { type Obligation } from '../../sessions/session.js';
import {
  assetMounts,
  type PageContext,
  renderAccountPage,
  renderPasswordPage,
  renderSignInPage,
} from '../../web/index.js';
import { languageCookie } from '../kernel/cookie.js';
import { languageOf } from '../kernel/page-language.js';
import { refuseMethod } from '../kernel/router.js';
import { visitorOf } from '../kernel/visitor.js';

export interface PageParts {
  readonly passwordChanges: PasswordChanges;
  readonly passwordRules: PasswordRules;
  readonly storage: {
    readonly accounts: Pick<AccountDirectory, 'tenant'>;
    readonly terms: Pick<TermsLedger, 'acceptancesOf'>;
  };
  readonly reasons: Reasons;
  readonly origin: string;
  readonly ncalayer: { readonly url: string; readonly issuers: 'trusted' | 'any' };
  readonly presences: Presences;
  readonly clock: () => Date;
  /** Who may register by themselves. */
  readonly registrationKinds: readonly RegistrationKind[];
  readonly mySessions: MySessions;
  readonly contacts: OwnContacts;
  readonly memberships: OwnMemberships;
}

/** The pages people see, and what they are made of. */
export function mountPages(app: Express, parts: PageParts): void {
  const { origin, ncalayer, presences, clock } = parts;

  app.get(
    '/',
    page(origin, async (request, response, context) => {
      const next = ownPath(request.query['next'], origin);
      const presence = await presences.of(visitorOf(request, response, clock()));
      if (presence !== null) {
        response.redirect(303, dutyPage(presence, next) ?? next);
        return;
      }
      const ncalayerChain = ncalayer.issuers === 'any' ? [] : null;
      sendPage(
        response,
        renderSignInPage({
          ...context,
          ncalayerUrl: ncalayer.url,
          ncalayerChain,
          next,
          reasons: parts.reasons,
          registration: parts.registrationKinds.length > 0,
        }),
      );
    }),
  );
  app.get(
    '/me',
    page(origin, async (request, response, context) => {
      const presence = await presences.of(visitorOf(request, response, clock()));
      if (presence === null) {
        response.redirect(303, '/?next=%2Fme');
        return;
      }
      const duty = dutyPage(presence, '/me');
      if (duty !== null) {
        response.redirect(303, duty);
        return;
      }
      const { session, account, certificate: notice } = presence;
      sendPage(
        response,
        renderAccountPage({
          ...context,
          name: account.person.name,
          organisation: account.organisation.name,
          bin: account.organisation.bin,
          roles: await rolesOf(account, parts.storage.accounts),
          method: session.method,
          signedInAt: session.createdAt,
          expiresAt: session.expiresAt,
          certificateDaysLeft: notice?.expiresSoon === true ? notice.daysLeft : null,
          contacts: await parts.contacts.of(presence),
          memberships: (await parts.memberships.list(presence)).map(({ membership, ...own }) => ({
            ...own,
            id: membership.id,
            status: membership.status,
            provisional: membership.provisional,
          })),
          provisionalEnded: await parts.memberships.endedWith(presence),
          sessions: (await parts.mySessions.list(presence)).map((own) => ({
            ...own.session,
            current: own.current,
            organisation: own.organisation?.name ?? null,
          })),
        }),
      );
    }),
  );
  app.get(
    '/me/password',
    page(origin, async (request, response, context) => {
      const next = ownPath(request.query['next'], origin);
      const presence = await presences.of(visitorOf(request, response, clock()));
      if (presence === null) {
        response.redirect(303, '/?next=%2Fme%2Fpassword');
        return;
      }
      const { session, account } = presence;
      sendPage(
        response,
        renderPasswordPage({
          ...context,
          mode: await parts.passwordChanges.wayOf(presence),
          required: session.obligations.includes('change-password'),
          rules: parts.passwordRules,
          context: {
            iin: account.person.iin,
            names: [account.person.name],
            organisations: [account.organisation.name],
          },
          next,
        }),
      );
    }),
  );
  app.all(['/', '/me', '/me/password'], refuseMethod('GET, HEAD'));
  for (const { path, folder } of assetMounts()) {
    app.use(
      path,
      assetHeaders,
      express.static(folder, { index: false, redirect: false, dotfiles: 'ignore', setHeaders: sayCharset }),
    );
  }
}

const assetHeaders: RequestHandler = (_request, response, next) => {
  response.locals['route'] = '/assets';
  response.setHeader('Cache-Control', 'no-cache');
  next();
};

/** Of text that is XML the library says no character set. */
function sayCharset(response: Response, path: string): void {
  if (path.endsWith('.svg')) response.setHeader('Content-Type', 'image/svg+xml; charset=utf-8');
}

/** One page: its language is chosen, remembered and said, and nothing of it is stored. */
export function page(
  origin: string,
  show: (request: Request, response: Response, context: PageContext) => Promise<void>,
): RequestHandler {
  return async (request, response) => {
    response.locals['route'] = request.path;
    const chosen = request.query['lang'];
    const language = languageOf(request, chosen);
    if (chosen === language) response.append('Set-Cookie', languageCookie(language));
    response.set({
      'Cache-Control': 'no-store',
      'Content-Language': language,
      Vary: 'Accept-Language, Cookie',
    });
    await show(request, response, { language, address: request.originalUrl, origin });
  };
}

/** The roles of a member as their organisation calls them. One that is not defined gives nothing and is not told. */
async function rolesOf(
  { membership, organisation }: Presence['account'],
  accounts: Pick<AccountDirectory, 'tenant'>,
): Promise<readonly RoleDefinition[]> {
  const defined = await accounts.tenant(organisation.id).roles.list();
  return defined.filter(({ name }) => membership.roles.includes(name));
}

/** Where each thing is done that somebody must do before their session is good for anything else. */
const DUTY_PAGES: Readonly<Partial<Record<Obligation, string>>> = {
  'accept-terms': '/me/terms',
  'change-password': '/me/password',
};

/** The page of the first thing still to be done, which then leads on to `next`; `null` when there is none. */
function dutyPage({ session }: Presence, next: string): string | null {
  const pages = session.obligations.flatMap((obligation) => DUTY_PAGES[obligation] ?? []);
  return pages[0] === undefined ? null : `${pages[0]}?next=${encodeURIComponent(next)}`;
}

export function sendPage(response: Response, html: string): void {
  response.type('text/html; charset=utf-8').send(html);
}

/** A path of our own to go to after sign-in; anything that leads elsewhere becomes `/me`. */
export function ownPath(next: unknown, origin: string): string {
  if (typeof next !== 'string' || next.length > 2000 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(next)) return '/me';
  const url = URL.canParse(next, origin) ? new URL(next, origin) : null;
  return url?.origin === origin && url.pathname !== '/' && !url.pathname.startsWith('//')
    ? `${url.pathname}${url.search}`
    : '/me';
}
