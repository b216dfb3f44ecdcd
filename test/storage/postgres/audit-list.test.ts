import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('the audit log', () => import('../audit-list.test.js'));
