/** The way out, on pages that are about something else: ends the session and returns to the sign-in page. */
import { element } from './element.js';
import { callGateway } from './gateway.js';

element('leave-button', HTMLButtonElement).addEventListener('click', () => {
  // Where the session still lives, the sign-in page leads back.
  void callGateway('DELETE', '/v1/session').then(() => {
    location.replace('/');
  });
});
