import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('signatures of requests', () => import('../../sessions/step-up-evidence.test.js'));
