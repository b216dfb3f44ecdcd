import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('a log from before the tree', () => import('../log-migration.test.js'));
