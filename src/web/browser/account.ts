/** The way out: ends the session and returns to the sign-in page. */
import { wireContacts } from './contacts.js';
import { element } from './element.js';
import { callGateway, wordsOf } from './gateway.js';
import { wireMemberships } from './memberships.js';

const button = element('sign-out-button', HTMLButtonElement);
const status = element('status', HTMLParagraphElement);

async function signOut(): Promise<void> {
  button.disabled = true;
  status.textContent = status.dataset['leaving'] ?? '';
  const answer = await callGateway('DELETE', '/v1/session');
  // A session that is no longer there has been left as well.
  if (answer.ok || answer.status === 401) {
    location.replace('/');
    return;
  }
  button.disabled = false;
  status.textContent = status.dataset['failed'] ?? '';
  button.focus();
}

const sessions = element('sessions', HTMLElement);
const sessionsStatus = element('sessions-status', HTMLParagraphElement);

/** Ends sessions and shows what is left; where this one ended too, that is the sign-in page. */
async function endSessions(
  pressed: HTMLButtonElement,
  method: 'POST' | 'DELETE',
  path: string,
): Promise<void> {
  pressed.disabled = true;
  sessionsStatus.textContent = '';
  const answer = await callGateway(method, `/v1/me/sessions/${path}`);
  // One that is gone already is what was wanted.
  if (answer.ok || answer.status === 401 || answer.status === 404) {
    location.reload();
    return;
  }
  pressed.disabled = false;
  sessionsStatus.textContent = wordsOf(answer.refusal) ?? sessions.dataset['failed'] ?? '';
  pressed.focus();
}

for (const each of sessions.querySelectorAll('button')) {
  each.disabled = false;
  each.addEventListener('click', () => {
    const id = each.closest('li')?.dataset['session'];
    if (id !== undefined) void endSessions(each, 'DELETE', id);
    else void endSessions(each, 'POST', 'endOthers' in each.dataset ? 'end-others' : 'end-all');
  });
}

wireContacts();
wireMemberships();
button.addEventListener('click', () => {
  void signOut();
});
// A page brought back from the browser's memory may show a session that has ended.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
button.disabled = false;
