/** The sign-in page: with the EDS, or with IIN and password. */
import { wireSigningCard } from './signing-card.js';

wireSigningCard({
  signing: () => ({
    challenge: { path: '/v1/login/eds/challenge', body: {} },
    answer: { path: '/v1/login/eds', body: {} },
  }),
  password: { path: '/v1/login/password', body: {} },
}).setBusy(false);
