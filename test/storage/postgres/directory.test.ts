import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('accounts', () => import('../../accounts/directory.test.js'));
