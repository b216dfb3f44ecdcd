/** The password page's behaviour: the rules answered while typing, one request, and what came of it. */
import { type PasswordContext } from '../../passwords/rules/context.js';
import { checkPassword, type PasswordRules } from '../../passwords/rules/rules.js';
import { element } from './element.js';
import { markField, wireToggle } from './field.js';
import { callGateway, type Refusal } from './gateway.js';
import './leave.js';

/** Long enough that a screen reader is not interrupted by every letter. */
const ANNOUNCE_AFTER_MS = 800;

const card = element('password-change', HTMLElement);
const form = element('password-form', HTMLFormElement);
const fields = form.querySelector('fieldset');
const password = element('password', HTMLInputElement);
const current = document.getElementById('current') === null ? null : element('current', HTMLInputElement);
const status = element('status', HTMLParagraphElement);
const rulesStatus = element('rules-status', HTMLParagraphElement);
const lines = [...document.querySelectorAll<HTMLElement>('#rules li')];

// Written into the page by the server that renders it with this code.
const rules = JSON.parse(card.dataset['rules'] ?? '{}') as PasswordRules;
const context = JSON.parse(card.dataset['context'] ?? '{}') as PasswordContext;

let announcing: ReturnType<typeof setTimeout> | undefined;

/** Marks each rule as met or not. What the server judges by more than the page knows is open until it has. */
function showRules(broken: readonly string[], judgedByServer: boolean): void {
  const typed = password.value !== '';
  for (const line of lines) {
    const breaks = (line.dataset['breaks'] ?? '').split(' ');
    const unmet = breaks.some((rule) => broken.includes(rule));
    const atServer = breaks.includes('reused') || breaks.includes('breached');
    const unknown = !typed || (atServer && !unmet && !judgedByServer);
    const state = unknown ? '' : unmet ? 'unmet' : 'met';
    line.dataset['state'] = state;
    const spoken = line.querySelector('[data-slot="state"]');
    if (spoken !== null) spoken.textContent = state === '' ? '' : (rulesStatus.dataset[state] ?? '');
  }
}

function announceRules(): void {
  const unmet = lines.filter((line) => line.dataset['state'] === 'unmet');
  const texts = unmet.map((line) => line.querySelector('.rule-text')?.textContent ?? '');
  rulesStatus.textContent =
    password.value === ''
      ? ''
      : texts.length === 0
        ? (rulesStatus.dataset['all'] ?? '')
        : `${rulesStatus.dataset['left'] ?? ''} ${texts.join('; ')}`;
}

function judge(): readonly string[] {
  const broken = checkPassword(rules, password.value, context);
  showRules(broken, false);
  return broken;
}

function explain(refusal: Refusal): void {
  status.textContent = '';
  const text = refusal.text ?? status.dataset['offline'] ?? '';
  if (refusal.code === 'PASSWORD_CURRENT_WRONG' && current !== null) {
    current.value = '';
    markField(current, false, text);
    current.focus();
    return;
  }
  if (refusal.code === 'PASSWORD_RULES_BROKEN') {
    showRules(refusal.broken, true);
    announceRules();
    markField(password, false, unmetLine());
    password.focus();
    return;
  }
  status.textContent = text;
}

/** The first rule that is not met, as the page words it. */
function unmetLine(): string {
  return (
    lines.find((line) => line.dataset['state'] === 'unmet')?.querySelector('.rule-text')?.textContent ?? ''
  );
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
  const broken = judge();
  const good =
    password.value === ''
      ? markField(password, false)
      : markField(password, broken.length === 0, unmetLine());
  if (!currentGiven) current.focus();
  else if (!good) password.focus();
  else void save();
});
password.addEventListener('input', () => {
  markField(password, true);
  judge();
  clearTimeout(announcing);
  announcing = setTimeout(announceRules, ANNOUNCE_AFTER_MS);
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
