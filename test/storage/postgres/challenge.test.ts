import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('challenges', () => import('../../challenge/challenge.test.js'));
