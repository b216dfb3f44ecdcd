import { onPostgres } from '../../support/on-postgres.js';

await onPostgres('challenges', async () => {
  await import('../../challenge/challenge.test.js');
  await import('../../challenge/room.test.js');
});
