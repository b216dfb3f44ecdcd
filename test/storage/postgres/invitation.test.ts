import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('invitations', () => import('../../accounts/invitation.test.js'));
