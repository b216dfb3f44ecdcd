import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('the store', () => import('../storage.test.js'));
