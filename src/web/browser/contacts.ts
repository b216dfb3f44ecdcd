/** A person's own e-mail and telephone on their page: saved together, an empty field takes away what was there. */
import { element } from './element.js';
import { valueOf } from './field.js';
import { callGateway, wordsOf } from './gateway.js';

/** Wires the form of the page; a session that may not know how somebody is reached has none. */
export function wireContacts(): void {
  if (document.getElementById('contacts-form') === null) return;
  const form = element('contacts-form', HTMLFormElement);
  const fields = form.querySelector('fieldset');
  const email = element('email', HTMLInputElement);
  const phone = element('phone', HTMLInputElement);
  const status = element('contacts-status', HTMLParagraphElement);

  const save = async (): Promise<void> => {
    fields?.setAttribute('disabled', '');
    status.textContent = form.dataset['saving'] ?? '';
    const answer = await callGateway('PATCH', '/v1/me/contacts', {
      email: valueOf(email),
      phone: valueOf(phone),
    });
    fields?.removeAttribute('disabled');
    if (answer.ok) {
      // As it is kept: without the spaces and brackets of a number.
      for (const [input, name] of [
        [email, 'email'],
        [phone, 'phone'],
      ] as const) {
        const kept = answer.body[name];
        input.value = typeof kept === 'string' ? kept : '';
      }
      status.textContent = form.dataset['saved'] ?? '';
      return;
    }
    if (answer.status === 401) {
      location.replace('/?next=%2Fme');
      return;
    }
    status.textContent = wordsOf(answer.refusal) ?? form.dataset['failed'] ?? '';
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void save();
  });
  fields?.removeAttribute('disabled');
}
