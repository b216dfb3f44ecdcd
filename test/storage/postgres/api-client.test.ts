import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('API clients', () => import('../../clients/api-client.test.js'));
