import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('sessions', () => import('../../sessions/sessions.test.js'));
