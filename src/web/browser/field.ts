/** Fields of a form: what is wrong with one, and showing what was typed into a password. */
import { element } from './element.js';

/** What was typed, `null` for nothing. */
export function valueOf(input: HTMLInputElement): string | null {
  const value = input.value.trim();
  return value === '' ? null : value;
}

/** Says beside the field what is wrong with it, or takes that away. @returns `valid` */
export function markField(input: HTMLInputElement, valid: boolean, reason?: string): boolean {
  const line = element(`${input.id}-error`, HTMLParagraphElement);
  line.textContent = valid ? '' : (reason ?? line.dataset['text'] ?? '');
  if (valid) input.removeAttribute('aria-invalid');
  else input.setAttribute('aria-invalid', 'true');
  return valid;
}

/** Wires the button that shows and hides what is typed. */
export function wireToggle(password: HTMLInputElement): void {
  const toggle = element(`${password.id}-toggle`, HTMLButtonElement);
  toggle.addEventListener('click', () => {
    const show = password.type === 'password';
    password.type = show ? 'text' : 'password';
    toggle.setAttribute('aria-pressed', String(show));
  });
}
