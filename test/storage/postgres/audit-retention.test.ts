import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('retention of the log', () => import('../audit-retention.test.js'));
