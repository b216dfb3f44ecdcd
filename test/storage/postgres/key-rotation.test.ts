import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('Rotating the master key', () => import('../key-rotation.test.js'));
