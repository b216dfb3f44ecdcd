import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('the ledger of terms', () => import('../../personal-data/terms-ledger.test.js'));
