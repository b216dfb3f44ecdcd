import { type Express } from 'express';
import { type RegistrationKind } from '../../joining/enrolment.js';
import { type Terms } from '../../personal-data/terms.js';
import { type Language, renderRegisterPage, renderTermsPage, type ShownTerms } from '../../web/index.js';
import { refuseMethod } from '../kernel/router.js';
import { visitorOf } from '../kernel/visitor.js';
import { ownPath, page, type PageParts, sendPage } from './pages.js';

export interface NewcomerPageParts extends PageParts {
  readonly terms: Terms;
}

/** Registration, the taking of invitations, and the terms to be signed. */
export function mountNewcomerPages(app: Express, parts: NewcomerPageParts): void {
  const { origin, ncalayer, presences, registrationKinds } = parts;
  const ncalayerUrl = ncalayer.url;
  const ncalayerChain = ncalayer.issuers === 'any' ? [] : null;
  const shown = (language: Language): ShownTerms => shownTerms(parts.terms, language, parts.clock());

  for (const [path, invited] of [
    ['/register', false],
    ['/invitation', true],
  ] as const) {
    app.get(
      path,
      page(origin, (_request, response, context) => {
        if (!invited && registrationKinds.length === 0) {
          response.redirect(303, '/');
          return Promise.resolve();
        }
        const html = renderRegisterPage({
          ...context,
          ncalayerUrl,
          ncalayerChain,
          next: '/me',
          reasons: parts.reasons,
          rules: parts.passwordRules,
          terms: shown(context.language),
          invited,
          practices: registrationKinds.filter(isPractice),
        });
        sendPage(response, html);
        return Promise.resolve();
      }),
    );
  }
  app.get(
    '/me/terms',
    page(origin, async (request, response, context) => {
      const presence = await presences.of(visitorOf(request, response, parts.clock()));
      if (presence === null) {
        response.redirect(303, '/?next=%2Fme%2Fterms');
        return;
      }
      const next = ownPath(request.query['next'], origin);
      const terms = shown(context.language);
      const { session, account } = presence;
      // Without an EDS nothing is told of what the person accepted elsewhere.
      const accepted = session.provisional ? [] : await parts.storage.terms.acceptancesOf(account.person.id);
      const changed = accepted.length > 0 && accepted.every(({ version }) => version !== terms.version);
      const { reasons } = parts;
      sendPage(
        response,
        renderTermsPage({ ...context, ncalayerUrl, ncalayerChain, next, terms, changed, reasons }),
      );
    }),
  );
  app.all(['/register', '/invitation', '/me/terms'], refuseMethod('GET, HEAD'));
}

function isPractice(kind: RegistrationKind): kind is 'sole-proprietor' | 'individual' {
  return kind === 'sole-proprietor' || kind === 'individual';
}

function shownTerms(terms: Terms, language: Language, now: Date): ShownTerms {
  const { version, documents } = terms.at(now);
  return {
    version,
    documents: documents[language].map(({ title, text }) => ({
      title,
      paragraphs: text.trim().split(/\n{2,}/),
    })),
  };
}
