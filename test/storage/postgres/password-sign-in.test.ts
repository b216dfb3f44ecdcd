import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('sign-in with a password', () => import('../../sign-in/password-sign-in.test.js'));
