import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('certificate bindings', () => import('../../accounts/certificate-binding.test.js'));
