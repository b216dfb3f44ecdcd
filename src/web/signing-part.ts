/** What every page with a signature shares: the button, the way to stop, what is going on, and what came out. */
import { type Html, html } from './html.js';
import { type RegisterPage, type SigningPage, type TermsPage } from './page.js';
import { type Text } from './text/text.js';

/** Attributes of the element with the id `signing` that the browser reads. */
export function signingData({ ncalayerUrl, ncalayerChain, next }: SigningPage): Html {
  return html`data-ncalayer-url="${ncalayerUrl}" data-ncalayer-chain="${JSON.stringify(ncalayerChain)}"
  data-next="${next}"`;
}

/** @param stopped what to say when the person gives up */
export function signingActions(
  button: string,
  { signIn, progress }: Text,
  stopped = progress.stoppedSigning,
): Html {
  return html`<div id="outcome"></div>
    <div class="actions">
      <button
        type="button"
        class="primary"
        id="eds-button"
        data-first="${button}"
        data-again="${signIn.retry}"
        disabled
      >
        ${button}
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
      data-stopped="${stopped}"
    ></p>`;
}

/** The documents somebody is about to sign, each to be opened and read. */
export function termsTexts({ terms }: TermsPage | RegisterPage, text: Text): Html {
  return html`<section class="terms" aria-labelledby="terms-title">
    <h2 id="terms-title">${text.terms.title}</h2>
    <p class="hint">${text.terms.note.replace('{version}', terms.version)}</p>
    ${terms.documents.map(
      ({ title, paragraphs }) =>
        html`<details>
          <summary>${title}</summary>
          <div class="terms-text">${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}</div>
        </details>`,
    )}
  </section>`;
}
