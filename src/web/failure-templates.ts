/** What can go wrong, as the pages with a signature show it. */
import { type Failure, FAILURES } from './browser/state.js';
import { type Html, html } from './html.js';
import { type Text } from './text/text.js';

type Tone = 'calm' | 'warning' | 'alarm';

/** How loudly a failure speaks: nothing is wrong, something is to be done, or the key is not to be used any more. */
const TONES: Partial<Record<Failure, Tone>> = {
  cancelled: 'calm',
  'permission-needed': 'calm',
  'ncalayer-on-phone': 'calm',
  'challenge-expired': 'calm',
  'account-choice': 'calm',
  expired: 'alarm',
  revoked: 'alarm',
  'not-issued': 'alarm',
  'untrusted-key': 'alarm',
  'signature-rejected': 'alarm',
  'account-blocked': 'alarm',
  'password-blocked': 'alarm',
};

const ICONS: Readonly<Record<Tone, Html>> = {
  calm: html`<circle cx="12" cy="12" r="9" /> <path d="M12 11v5M12 7.6v.1" />`,
  warning: html`<path d="M12 4 3.2 19.5h17.6z" /> <path d="M12 10v4.5M12 17v.1" />`,
  alarm: html`<circle cx="12" cy="12" r="9" /> <path d="m9 9 6 6m0-6-6 6" />`,
};

/** One failure as the browser will show it: a template, so that it is neither displayed nor read aloud before it happens. */
function failureTemplate(failure: Failure, text: Text): Html {
  const { title, text: explanation, steps } = text.failures[failure];
  const tone = TONES[failure] ?? 'warning';
  return html`<template id="failure-${failure}">
    <section class="failure" data-tone="${tone}" data-failure="${failure}" aria-labelledby="failure-title">
      <svg class="failure-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${ICONS[tone]}</svg>
      <div class="failure-body">
        <h2 id="failure-title" tabindex="-1" data-slot="title">${title}</h2>
        <p>${explanation}</p>
        <p class="server-text" data-slot="server-text" hidden></p>
        <p class="visually-hidden">${text.signIn.nextSteps}</p>
        <ol>
          ${steps.map((step) => html`<li>${step}</li>`)}
        </ol>
        ${failure === 'no-account' ? html`<p><a href="/register">${text.signIn.register}</a></p>` : null}
        <ul class="choices" data-slot="choices" hidden></ul>
        <p class="wait" data-slot="wait" data-text="${text.signIn.waitSeconds}" hidden></p>
        <dl class="reference" data-slot="reference" hidden>
          <div>
            <dt>${text.signIn.code}</dt>
            <dd data-slot="code"></dd>
          </div>
          <div>
            <dt>${text.signIn.request}</dt>
            <dd data-slot="request"></dd>
          </div>
        </dl>
      </div>
    </section>
  </template>`;
}

/** Every failure's explanation, ready in the markup. */
export function failureTemplates(text: Text): Html {
  return html`${FAILURES.map((failure) => failureTemplate(failure, text))}`;
}
