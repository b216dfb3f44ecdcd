/** Signing the terms within a session, or leaving. */
import { element } from './element.js';
import { callGateway } from './gateway.js';
import { wireSigningCard } from './signing-card.js';

const card = wireSigningCard({
  signing: () => ({
    challenge: { path: '/v1/me/terms/challenge', body: { language: document.documentElement.lang } },
    answer: { path: '/v1/me/terms', body: {} },
  }),
  password: null,
});

element('leave-button', HTMLButtonElement).addEventListener('click', () => {
  void callGateway('DELETE', '/v1/session').then(() => {
    location.replace('/');
  });
});
card.setBusy(false);
