/** Signing the terms within a session, or leaving. */
import './leave.js';
import { wireSigningCard } from './signing-card.js';

const card = wireSigningCard({
  signing: () => ({
    challenge: { path: '/v1/me/terms/challenge', body: { language: document.documentElement.lang } },
    answer: { path: '/v1/me/terms', body: {} },
  }),
  password: null,
});

card.setBusy(false);
