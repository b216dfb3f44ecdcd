import { html } from '../html.js';
import { renderLayout } from '../layout.js';
import { type ProblemPage } from '../page.js';
import { TEXT } from '../text/index.js';

/** The page for an address that does not exist or a request that failed, for people who navigated there. */
export function renderProblemPage(page: ProblemPage): string {
  const text = TEXT[page.language];
  const { title, detail } = page.text;
  const main = html`<section class="card problem" aria-labelledby="title">
    <h1 id="title">${title}</h1>
    <p class="lead">${detail}</p>
    ${
      page.requestId === null
        ? null
        : html`<dl class="reference">
            <div>
              <dt>${text.signIn.request}</dt>
              <dd>${page.requestId}</dd>
            </div>
          </dl>`
    }
    <div class="actions"><a class="primary" href="/">${text.toSignIn}</a></div>
  </section>`;
  return renderLayout(page, { title, main, script: null });
}
