/** Where the person belongs, on their page: they confirm what was taken without their EDS, or leave. */
import { element } from './element.js';
import { callGateway, wordsOf } from './gateway.js';

/** Wires the buttons of every membership. */
export function wireMemberships(): void {
  const list = element('memberships', HTMLElement);
  const status = element('memberships-status', HTMLParagraphElement);

  const change = async (
    pressed: HTMLButtonElement,
    method: 'POST' | 'DELETE',
    path: string,
  ): Promise<void> => {
    pressed.disabled = true;
    status.textContent = '';
    const address = `/v1/me/memberships/${path}`;
    const answer = await (method === 'POST'
      ? callGateway(method, address, {})
      : callGateway(method, address));
    // One that is over already is what was wanted.
    if (answer.ok || answer.status === 401 || answer.status === 404) {
      location.reload();
      return;
    }
    pressed.disabled = false;
    status.textContent = wordsOf(answer.refusal) ?? list.dataset['failed'] ?? '';
    pressed.focus();
  };

  for (const each of list.querySelectorAll('button')) {
    each.disabled = false;
    each.addEventListener('click', () => {
      const id = each.closest('li')?.dataset['membership'];
      if (id === undefined) return;
      if ('confirm' in each.dataset) void change(each, 'POST', `${id}/confirm`);
      else if (confirm(each.dataset['sure'] ?? '')) void change(each, 'DELETE', id);
    });
  }
}
