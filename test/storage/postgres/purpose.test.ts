import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('what a database is for', () => import('../../storage/purpose.test.js'));
