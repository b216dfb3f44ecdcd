import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('units of work', () => import('../units.test.js'));
