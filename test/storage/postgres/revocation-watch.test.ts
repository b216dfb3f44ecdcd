import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('the watch over certificates', () => import('../../login/revocation-watch.test.js'));
