import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('passwords', () => import('../../accounts/password.test.js'));
