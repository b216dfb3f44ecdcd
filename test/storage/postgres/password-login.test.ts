import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('sign-in with a password', () => import('../../login/password-login.test.js'));
