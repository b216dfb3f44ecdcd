import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('the log of killed processes', () => import('../log-kill.test.js'));
