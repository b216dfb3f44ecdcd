/** The rules of a new password, answered while it is typed, and what to say by the field. */
import { type PasswordContext } from '../../passwords/rules/context.js';
import { checkPassword, type PasswordRules } from '../../passwords/rules/rules.js';
import { element } from './element.js';
import { markField } from './field.js';

/** Long enough that a screen reader is not interrupted by every letter. */
const ANNOUNCE_AFTER_MS = 800;

export interface RuleList {
  /** Marks every rule and the field. False when there is nothing to send: it is empty, or breaks a rule the page knows. */
  accepts(): boolean;
  /** Marks what the gateway found broken, and moves to the field. */
  refuse(broken: readonly string[]): void;
}

/** Wires the list beside the field. @param contextOf whose password it is to be, as far as the page knows */
export function wireRuleList(password: HTMLInputElement, contextOf: () => PasswordContext): RuleList {
  const list = element('rules', HTMLDivElement);
  const status = element('rules-status', HTMLParagraphElement);
  const lines = [...list.querySelectorAll<HTMLElement>('li')];
  // Written into the page by the server that renders it with this code.
  const rules = JSON.parse(list.dataset['rules'] ?? '{}') as PasswordRules;
  const errors = JSON.parse(list.dataset['errors'] ?? '{}') as Readonly<Record<string, string>>;
  let announcing: ReturnType<typeof setTimeout> | undefined;

  /** Marks each rule as met or not. What the server judges by more than the page knows is open until it has. */
  const show = (broken: readonly string[], judgedByServer: boolean): void => {
    const typed = password.value !== '';
    for (const line of lines) {
      const breaks = (line.dataset['breaks'] ?? '').split(' ');
      const unmet = breaks.some((rule) => broken.includes(rule));
      const atServer = breaks.includes('reused') || breaks.includes('breached');
      const unknown = !typed || (atServer && !unmet && !judgedByServer);
      const state = unknown ? '' : unmet ? 'unmet' : 'met';
      line.dataset['state'] = state;
      const spoken = line.querySelector('[data-slot="state"]');
      if (spoken !== null) spoken.textContent = state === '' ? '' : (status.dataset[state] ?? '');
    }
  };
  const announce = (): void => {
    const unmet = lines.filter((line) => line.dataset['state'] === 'unmet');
    const texts = unmet.map((line) => line.querySelector('.rule-text')?.textContent ?? '');
    const said =
      texts.length === 0 ? status.dataset['all'] : `${status.dataset['left'] ?? ''} ${texts.join('; ')}`;
    status.textContent = password.value === '' ? '' : (said ?? '');
  };
  const judge = (): readonly string[] => {
    const broken = checkPassword(rules, password.value, contextOf());
    show(broken, false);
    return broken;
  };
  /** The first rule that is broken, said as an error. */
  const errorOf = (broken: readonly string[]): string => errors[broken[0] ?? ''] ?? '';

  password.addEventListener('input', () => {
    markField(password, true);
    judge();
    clearTimeout(announcing);
    announcing = setTimeout(announce, ANNOUNCE_AFTER_MS);
  });
  return {
    accepts() {
      const broken = judge();
      if (password.value === '') return markField(password, false);
      return markField(password, broken.length === 0, errorOf(broken));
    },
    refuse(broken) {
      show(broken, true);
      announce();
      markField(password, false, errorOf(broken));
      password.focus();
    },
  };
}
