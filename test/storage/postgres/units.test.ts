import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('units of work', () => import('../../storage/units.test.js'));
