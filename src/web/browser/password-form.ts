/** The password form: checks what can be checked here, and hands the rest over. */
import { element } from './element.js';
import { markField, wireToggle } from './field.js';
import { type RuleList } from './rule-list.js';

export interface PasswordForm {
  enable(enabled: boolean): void;
  /** Opens the disclosure. */
  open(): void;
  /** Opens it, empties the password, puts the cursor there and says `reason` beside it. */
  askAgain(reason: string): void;
}

/**
 * Wires the form; `submit` gets an IIN of twelve digits and a password that is not empty.
 *
 * @param rules what a new password is held to; `null` where one is given that is there already
 */
export function wirePasswordForm(
  submit: (iin: string, password: string) => void,
  rules: RuleList | null,
): PasswordForm {
  const way = element('password-way', HTMLDetailsElement);
  const form = element('password-form', HTMLFormElement);
  const fields = form.querySelector('fieldset');
  const iin = element('iin', HTMLInputElement);
  const password = element('password', HTMLInputElement);
  wireToggle(password);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const digits = iin.value.replace(/\s/g, '');
    const iinValid = markField(iin, /^\d{12}$/.test(digits));
    const passwordValid = rules === null ? markField(password, password.value !== '') : rules.accepts();
    if (!iinValid) iin.focus();
    else if (!passwordValid) password.focus();
    else submit(digits, password.value);
  });
  return {
    enable: (enabled) => {
      fields?.toggleAttribute('disabled', !enabled);
    },
    open: () => {
      way.open = true;
    },
    askAgain: (reason) => {
      way.open = true;
      password.value = '';
      markField(password, false, reason);
      password.focus();
    },
  };
}
