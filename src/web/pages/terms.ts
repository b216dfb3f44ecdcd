import { failureTemplates } from '../failure-templates.js';
import { html } from '../html.js';
import { renderLayout } from '../layout.js';
import { type TermsPage } from '../page.js';
import { signingActions, signingData, termsTexts } from '../signing-part.js';
import { TEXT } from '../text/index.js';

/** The terms in force, to be read and signed by somebody who is signed in. */
export function renderTermsPage(page: TermsPage): string {
  const text = TEXT[page.language];
  const { terms } = text;
  const title = page.changed ? terms.changedTitle : terms.firstTitle;
  const main = html`<section class="card account" id="signing" aria-labelledby="title" ${signingData(page)}>
      <h1 id="title">${title}</h1>
      <p class="lead">${terms.acceptLead}</p>
      <noscript><p class="notice">${text.signIn.noScript}</p></noscript>
      ${termsTexts(page, text)} ${signingActions(terms.acceptButton, text)}
      <p class="aside">
        <button type="button" class="link" id="leave-button">${text.account.signOut}</button>
      </p>
    </section>
    ${failureTemplates(page)}`;
  return renderLayout(page, { title, main, script: 'terms.js', note: text.promise });
}
