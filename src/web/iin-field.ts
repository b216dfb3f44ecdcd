import { type Html, html } from './html.js';
import { type Text } from './text/text.js';

/** The field for an IIN with its hint and error line; browsers keep it as the name a password belongs to. */
export function iinField({ iin, iinHint, iinWrong }: Text['signIn']): Html {
  return html`<div class="field">
    <label for="iin">${iin}</label>
    <input
      id="iin"
      name="iin"
      type="text"
      inputmode="numeric"
      autocomplete="username"
      maxlength="20"
      spellcheck="false"
      required
      aria-describedby="iin-hint iin-error"
    />
    <p class="hint" id="iin-hint">${iinHint}</p>
    <p class="field-error" id="iin-error" data-text="${iinWrong}"></p>
  </div>`;
}
