import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('the watch over certificates', () => import('../../watch/revocation-watch.test.js'));
