import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('administration', () => import('../../administration/members.test.js'));
