import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('provisional access', () => import('../../accounts/provisional.test.js'));
