/** The password page's behaviour: the rules answered while typing, one request, and what came of it. */
import { type PasswordContext } from '../../passwords/rules/context.js';
import { element } from './element.js';
import { markField, wireToggle } from './field.js';
import { callGateway, type Refusal, wordsOf } from './gateway.js';
import './leave.js';
import { wireRuleList } from './rule-list.js';

const card = element('password-change', HTMLElement);
const form = element('password-form', HTMLFormElement);
const fields = form.querySelector('fieldset');
const password = element('password', HTMLInputElement);
const current = document.getElementById('current') === null ? null : element('current', HTMLInputElement);
const status = element('status', HTMLParagraphElement);
// Written into the page by the server that renders it with this code.
const context = JSON.parse(card.dataset['context'] ?? '{}') as PasswordContext;
const rules = wireRuleList(password, () => context);

function explain(refusal: Refusal): void {
  status.textContent = '';
  const text = wordsOf(refusal) ?? status.dataset['offline'] ?? '';
  if (refusal.code === 'PASSWORD_CURRENT_WRONG' && current !== null) {
    current.value = '';
    markField(current, false, text);
    current.focus();
    return;
  }
  if (refusal.code === 'PASSWORD_RULES_BROKEN') {
    rules.refuse(refusal.broken);
    return;
  }
  status.textContent = text;
}

async function save(): Promise<void> {
  fields?.setAttribute('disabled', '');
  status.textContent = status.dataset['saving'] ?? '';
  const answer = await callGateway('POST', '/v1/me/password', {
    ...(current === null ? {} : { current: current.value }),
    password: password.value,
  });
  if (answer.ok) {
    form.hidden = true;
    form.reset();
    status.textContent = status.dataset['saved'] ?? '';
    if (card.dataset['required'] === 'true')
      location.replace(`/?next=${encodeURIComponent(card.dataset['next'] ?? '/me')}`);
    else element('back', HTMLAnchorElement).focus();
    return;
  }
  if (answer.status === 401) {
    location.replace('/?next=%2Fme%2Fpassword');
    return;
  }
  fields?.removeAttribute('disabled');
  explain(answer.refusal);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const currentGiven = current === null || markField(current, current.value !== '');
  const good = rules.accepts();
  if (!currentGiven) current.focus();
  else if (!good) password.focus();
  else void save();
});
current?.addEventListener('input', () => {
  markField(current, true);
});
wireToggle(password);
if (current !== null) wireToggle(current);
// A page brought back from the browser's memory may be of a session that has ended.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
fields?.removeAttribute('disabled');
