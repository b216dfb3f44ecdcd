import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('claims on jobs', () => import('../../jobs/claims.test.js'));
