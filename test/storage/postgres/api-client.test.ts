import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('API clients', () => import('../../federation/api-client.test.js'));
