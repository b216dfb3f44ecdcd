/** The way out: ends the session and returns to the sign-in page. */
import { element } from './element.js';
import { callGateway } from './gateway.js';

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

button.addEventListener('click', () => {
  void signOut();
});
// A page brought back from the browser's memory may show a session that has ended.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
button.disabled = false;
