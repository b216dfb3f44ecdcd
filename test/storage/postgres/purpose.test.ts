import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('what a database is for', () => import('../purpose.test.js'));
