import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('finding an account', () => import('../../accounts/membership-finding.test.js'));
