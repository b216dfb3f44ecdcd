/** Shows one failure at a time, from the templates the server put into the page. */
import { element } from './element.js';
import { type Refusal } from './gateway.js';
import { tellingOf, type Tellings } from './state.js';

function slot(content: DocumentFragment, name: string): HTMLElement | null {
  return content.querySelector<HTMLElement>(`[data-slot="${name}"]`);
}

function fill(content: DocumentFragment, name: string, text: string | null): void {
  const place = slot(content, name);
  if (place === null || text === null) return;
  place.textContent = text;
  place.hidden = false;
}

function fillReference(content: DocumentFragment, { code, requestId }: Refusal): void {
  const reference = slot(content, 'reference');
  if (reference === null || (code === null && requestId === null)) return;
  reference.hidden = false;
  for (const [name, text] of [
    ['code', code],
    ['request', requestId],
  ] as const) {
    if (text === null) slot(content, name)?.parentElement?.remove();
    else fill(content, name, text);
  }
}

/** Puts a refusal of the gateway into words: its own, those that stand in for it, the icon and the way the catalogue gives it. */
function fillRefusal(content: DocumentFragment, template: HTMLTemplateElement, refusal: Refusal): void {
  const code = refusal.standIn ?? refusal.code ?? 'INTERNAL';
  // Written into the page by the server that renders it with this code.
  const tellings = JSON.parse(template.dataset['tellings'] ?? '{}') as Tellings;
  const { tone = 'warning', way, title, detail } = tellingOf(tellings, code);
  const section = content.querySelector<HTMLElement>('section');
  if (section !== null) {
    section.dataset['tone'] = tone;
    section.dataset['failure'] = code;
  }
  for (const icon of content.querySelectorAll('[data-icon]')) {
    icon.toggleAttribute('hidden', icon.getAttribute('data-icon') !== tone);
  }
  content.querySelector(`[data-way="${way ?? ''}"]`)?.removeAttribute('hidden');
  fill(content, 'title', refusal.title ?? title ?? tellingOf(tellings, 'INTERNAL').title ?? null);
  fill(content, 'detail', refusal.detail ?? detail ?? null);
}

let countdown: ReturnType<typeof setInterval> | undefined;

function startCountdown(line: HTMLElement, seconds: number, done: () => void): void {
  const pattern = line.dataset['text'] ?? '{seconds}';
  let left = seconds;
  const show = (): void => {
    line.textContent = pattern.replace('{seconds}', String(left));
  };
  show();
  line.hidden = false;
  countdown = setInterval(() => {
    left -= 1;
    if (left > 0) {
      show();
      return;
    }
    clearInterval(countdown);
    line.hidden = true;
    done();
  }, 1000);
}

function offerChoices(list: HTMLElement, refusal: Refusal, choose: (id: string) => void): void {
  for (const { id, name } of refusal.choices) {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = name;
    button.addEventListener('click', () => {
      choose(id);
    });
    item.append(button);
    list.append(item);
  }
  list.hidden = refusal.choices.length === 0;
}

/** What can happen while a failure is shown. */
export interface OutcomeEvents {
  /** The time the server asked to wait is over. */
  readonly waited: () => void;
  /** The person picked one of the organisations. */
  readonly chosen: (organisationId: string) => void;
}

/** Takes the last failure away. */
export function clearOutcome(): void {
  clearInterval(countdown);
  element('outcome', HTMLDivElement).replaceChildren();
}

/**
 * Shows a failure and moves the focus to its heading, so that it is read aloud and the next Tab reaches the way on.
 */
export function showOutcome(refusal: Refusal, { waited, chosen }: OutcomeEvents): void {
  clearOutcome();
  const template = element(`failure-${refusal.failure}`, HTMLTemplateElement);
  const content = document.importNode(template.content, true);
  if (refusal.failure === 'refused') fillRefusal(content, template, refusal);
  fillReference(content, refusal);
  const line = slot(content, 'wait');
  if (line !== null && refusal.retryAfterSeconds !== null) {
    startCountdown(line, refusal.retryAfterSeconds, waited);
  }
  const choices = slot(content, 'choices');
  if (choices !== null) offerChoices(choices, refusal, chosen);
  const place = element('outcome', HTMLDivElement);
  place.replaceChildren(content);
  const heading = place.querySelector<HTMLElement>('h2');
  heading?.focus({ preventScroll: true });
  heading?.closest('section')?.scrollIntoView({ block: 'nearest' });
}
