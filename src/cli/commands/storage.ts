import { resolve } from 'node:path';
import { loadConfig } from '../../config.js';
import { configuredMasterKey } from '../../gateway.js';
import { backUp, examine, restore } from '../../storage/backup.js';
import { parseDatabaseUrl } from '../../storage/database-url.js';
import { type Command, type CommandIo, EXIT, UsageError } from '../command.js';
import { assertDatabaseExists, withRefusalsTold } from '../configured-storage.js';

const usage = `Usage: qaqpa storage backup FILE
       qaqpa storage restore FILE
       qaqpa storage check

backup   copies the embedded database to FILE while the gateway runs, and proves that the copy is sound
restore  puts FILE in the place of the database, which stays beside it; every gateway must be stopped; everybody signs in again
check    proves that the database is sound: pages, references, schema, master key, audit chain

A backup opens only with the master key it was made under: keep that key too, in another place (QAQPA_MASTER_KEY, or master.key in
the data folder). The database is the one QAQPA_DATA_DIR and QAQPA_DATABASE_URL name. PostgreSQL has pg_dump and pg_restore.

Exit codes: 0 done, 64 wrong usage, 65 refused, with the reason.
`;

export const command: Command = {
  usage,
  run(args, io) {
    const [word = '', file, ...rest] = args;
    const wanted = { backup: 1, restore: 1, check: 0 }[word];
    if (wanted === undefined) throw new UsageError('storage knows three words: backup, restore, check');
    if (rest.length > 0 || (file === undefined ? 0 : 1) !== wanted) {
      throw new UsageError(
        wanted === 1 ? `storage ${word} needs one FILE` : 'storage check takes no arguments',
      );
    }
    return withRefusalsTold(() => work(word, file ?? '', io));
  },
};

async function work(word: string, file: string, { env, stdout, cwd, now }: CommandIo): Promise<number> {
  const { path, masterKey } = await embedded(env, word !== 'restore');
  const other = resolve(cwd, file);
  if (word === 'backup') {
    const { auditRecords } = await backUp(path, other, masterKey);
    stdout.write(`${other}: a sound copy, ${auditRecords} audit records. Keep the master key as well.\n`);
  } else if (word === 'restore') {
    const { auditRecords, aside } = await restore(other, path, masterKey, now());
    stdout.write(`${path}: restored, ${auditRecords} audit records. Everybody signs in again.\n`);
    if (aside !== null) stdout.write(`What was there is ${aside}\n`);
  } else {
    const { auditRecords, schemaVersion } = await examine(path, masterKey);
    stdout.write(`${path}: sound, schema version ${schemaVersion}, ${auditRecords} audit records\n`);
  }
  return EXIT.ok;
}

async function embedded(
  env: CommandIo['env'],
  mustExist: boolean,
): Promise<{ readonly path: string; readonly masterKey: Uint8Array }> {
  const config = loadConfig(env);
  const address = parseDatabaseUrl(config.databaseUrl);
  if (address.engine === 'postgres') {
    throw new UsageError('the database is PostgreSQL: use pg_dump and pg_restore, and keep the master key');
  }
  // Before the key, which is made where there is none.
  if (mustExist) assertDatabaseExists(address.path);
  return { path: address.path, masterKey: await configuredMasterKey(config) };
}
