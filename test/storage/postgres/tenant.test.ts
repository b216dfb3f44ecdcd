import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('the directory of one organisation', () => import('../../accounts/tenant.test.js'));
