/** What can go wrong, as the pages with a signature show it: templates, neither displayed nor read aloud before it happens. */
import { type Reasons } from '../reasons/catalogue.js';
import { type Reason } from '../reasons/reason.js';
import { OWN_FAILURES, type OwnFailure, STAND_INS, type Tellings } from './browser/state.js';
import { type Html, html } from './html.js';
import { type SigningPage } from './page.js';
import { TEXT } from './text/index.js';
import { type Text } from './text/text.js';

type Tone = NonNullable<Reason['tone']> | 'warning';

/** Nothing is wrong yet; everything else the page finds out by itself is something to be done. */
const CALM: readonly OwnFailure[] = ['cancelled', 'permission-needed', 'ncalayer-on-phone'];

const ICONS: Readonly<Record<Tone, Html>> = {
  calm: html`<circle cx="12" cy="12" r="9" /> <path d="M12 11v5M12 7.6v.1" />`,
  warning: html`<path d="M12 4 3.2 19.5h17.6z" /> <path d="M12 10v4.5M12 17v.1" />`,
  alarm: html`<circle cx="12" cy="12" r="9" /> <path d="m9 9 6 6m0-6-6 6" />`,
};

function icon(tone: Tone, hidden = false): Html {
  return html`<svg
    class="failure-icon"
    data-icon="${tone}"
    viewBox="0 0 24 24"
    aria-hidden="true"
    focusable="false"
    ${hidden ? html`hidden` : null}
  >
    ${ICONS[tone]}
  </svg>`;
}

function reference({ signIn }: Text): Html {
  return html`<dl class="reference" data-slot="reference" hidden>
    <div>
      <dt>${signIn.code}</dt>
      <dd data-slot="code"></dd>
    </div>
    <div>
      <dt>${signIn.request}</dt>
      <dd data-slot="request"></dd>
    </div>
  </dl>`;
}

/** What the page found out by itself: what happened, why, and what to try, in that order. */
function ownTemplate(failure: OwnFailure, text: Text): Html {
  const { title, text: explanation, steps } = text.failures[failure];
  const tone = CALM.includes(failure) ? 'calm' : 'warning';
  return html`<template id="failure-${failure}">
    <section class="failure" data-tone="${tone}" data-failure="${failure}" aria-labelledby="failure-title">
      ${icon(tone)}
      <div class="failure-body">
        <h2 id="failure-title" tabindex="-1">${title}</h2>
        <p>${explanation}</p>
        <p class="visually-hidden">${text.signIn.nextSteps}</p>
        <ol>
          ${steps.map((step) => html`<li>${step}</li>`)}
        </ol>
        ${reference(text)}
      </div>
    </section>
  </template>`;
}

/** A refusal of the gateway: its own words, and what the catalogue says about how to tell it. */
function refusalTemplate(page: SigningPage, text: Text, registration: boolean): Html {
  const { ways, waitSeconds } = text.signIn;
  const tellings = JSON.stringify(tellingsOf(page.reasons, page.language));
  return html`<template id="failure-refused" data-tellings="${tellings}">
    <section class="failure" data-tone="warning" aria-labelledby="failure-title">
      ${icon('warning')} ${icon('calm', true)} ${icon('alarm', true)}
      <div class="failure-body">
        <h2 id="failure-title" tabindex="-1" data-slot="title"></h2>
        <p data-slot="detail"></p>
        <p data-way="sign-in" hidden><a class="quiet" href="/">${ways['sign-in']}</a></p>
        ${registration ? html`<p data-way="register" hidden><a class="quiet" href="/register">${ways.register}</a></p>` : null}
        <p data-way="reload" hidden>
          <a class="quiet" href="?${page.address.split('?')[1] ?? ''}">${ways.reload}</a>
        </p>
        <ul class="choices" data-slot="choices" hidden></ul>
        <p class="wait" data-slot="wait" data-text="${waitSeconds}" hidden></p>
        ${reference(text)}
      </div>
    </section>
  </template>`;
}

/** What the browser has to know of the catalogue: most codes are a warning in the gateway's words, and are not in it. */
function tellingsOf(reasons: Reasons, language: SigningPage['language']): Tellings {
  const standIns: readonly string[] = STAND_INS;
  return Object.fromEntries(
    Object.entries<Reason>(reasons).flatMap(([code, { tone, way, texts }]) => {
      const telling = {
        ...(tone === undefined ? {} : { tone }),
        ...(way === undefined ? {} : { way }),
        ...(standIns.includes(code) ? texts[language] : {}),
      };
      return Object.keys(telling).length === 0 ? [] : [[code, telling]];
    }),
  );
}

/** Everything that can be told, ready in the markup. @param registration whether the page may lead to the registration */
export function failureTemplates(page: SigningPage, registration = false): Html {
  const text = TEXT[page.language];
  return html`${OWN_FAILURES.map((failure) => ownTemplate(failure, text))}
  ${refusalTemplate(page, text, registration)}`;
}
