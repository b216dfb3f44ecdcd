import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('passwords', () => import('../../passwords/password.test.js'));
