import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('storms', () => import('../storms.test.js'));
