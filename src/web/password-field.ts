import { type Html, html } from './html.js';

/** A field for a password with its error line and the button that shows what was typed. */
export function passwordField(field: {
  readonly id: string;
  readonly label: string;
  readonly autocomplete: 'current-password' | 'new-password';
  /** What to say when it is empty. */
  readonly missing: string;
  readonly show: string;
  /** Identifiers of what describes it besides its error. */
  readonly describedBy?: string;
}): Html {
  const { id, label, autocomplete, missing, show, describedBy } = field;
  const description = describedBy === undefined ? `${id}-error` : `${describedBy} ${id}-error`;
  return html`<div class="field">
    <label for="${id}">${label}</label>
    <div class="with-toggle">
      <input
        id="${id}"
        name="${id}"
        type="password"
        autocomplete="${autocomplete}"
        maxlength="1024"
        required
        aria-describedby="${description}"
      />
      <button
        type="button"
        class="toggle"
        id="${id}-toggle"
        aria-controls="${id}"
        aria-pressed="false"
        aria-label="${show}"
      >
        <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" />
          <circle cx="12" cy="12" r="2.8" />
          <path class="toggle-strike" d="M4 4l16 16" />
        </svg>
      </button>
    </div>
    <p class="field-error" id="${id}-error" data-text="${missing}"></p>
  </div>`;
}
