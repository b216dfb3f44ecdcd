import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('the sealed log', () => import('../log-tree.test.js'));
