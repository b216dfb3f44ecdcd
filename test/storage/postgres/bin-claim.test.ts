import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('claims of a number', () => import('../../accounts/bin-claim.test.js'));
