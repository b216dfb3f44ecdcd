import { type Html, html } from './html.js';
import { type Text } from './text/text.js';

/** The fields for an e-mail and a telephone, with what is kept of them so far. */
export function contactFields(
  { register }: Text,
  kept: { readonly email: string | null; readonly phone: string | null } = { email: null, phone: null },
): Html {
  return html`<div class="field">
      <label for="email">${register.email}</label>
      <input
        id="email"
        name="email"
        type="email"
        autocomplete="email"
        maxlength="254"
        spellcheck="false"
        value="${kept.email ?? ''}"
      />
    </div>
    <div class="field">
      <label for="phone">${register.phone}</label>
      <input
        id="phone"
        name="phone"
        type="tel"
        autocomplete="tel"
        maxlength="40"
        aria-describedby="phone-hint"
        value="${kept.phone ?? ''}"
      />
      <p class="hint" id="phone-hint">${register.phoneHint}</p>
    </div>
    <p class="hint">${register.contactsNote}</p>`;
}
