/** What an operator should see to when a gateway starts. Part of the composition root. */
import { describeEnding } from './clients/client-secret.js';
import { type Config } from './config.js';
import { missingProxyNotice } from './config/local-origin.js';
import { type OpenServices } from './services.js';
import { describeDiskSpace, diskSpaceOf } from './storage/upkeep/disk-space.js';

/** @returns a line for each */
export async function noticesOf(
  config: Config,
  storage: OpenServices,
  now: Date,
): Promise<readonly string[]> {
  const { dataDir } = config;
  const missingProxy = missingProxyNotice(config);
  const [{ items }, disk, secrets] = await Promise.all([
    storage.accounts.listOrganisations({ limit: 1 }),
    diskSpaceOf(dataDir),
    storage.apiClients.ending(now),
  ]);
  return [
    ...(items.length > 0
      ? []
      : [
          'there is no organisation yet, so no sign-in is possible; the first: npx qaqpa account organisation add --bin BIN --name NAME',
        ]),
    ...(missingProxy === null ? [] : [missingProxy]),
    ...(disk === null || disk.state === 'ok' ? [] : [describeDiskSpace(dataDir, disk)]),
    ...secrets.map((secret) => describeEnding(secret, now)),
  ];
}
