import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../config.js';
import { configuredMasterKey } from '../../gateway.js';
import { backUp, examine, examineBackup, restore } from '../../storage/upkeep/backup.js';
import { parseDatabaseUrl } from '../../storage/engines/database-url.js';
import { type Command, type CommandIo, EXIT, UsageError } from '../command.js';
import { assertDatabaseExists, withRefusalsTold } from '../configured-storage.js';
import { operatorsAct, recordOperatorRead } from '../operator.js';
import { rotateKey } from '../rotate-key.js';

const usage = `Usage: qaqpa storage backup FILE
       qaqpa storage restore FILE [--without-checksum]
       qaqpa storage check [FILE]
       qaqpa storage rotate-key

backup   copies the embedded database to FILE while the gateway runs, and proves that the copy is sound; it carries a checksum;
         the log of the database tells who made it
restore  checks the checksum and puts FILE in the place of the database, which stays beside it; every gateway must be stopped; everybody signs in again
check    proves that the database, or the backup FILE, is sound: pages, references, schema, master key, audit log, checksum
rotate-key  seals the keys of all people under a new master key, of PostgreSQL too; every gateway must be stopped towards its end.
         Interrupted, it goes on when it is called again. The new key is QAQPA_NEXT_MASTER_KEY (or …_FILE), or, where the
         master key is a file in the data folder, one that is made beside it

--without-checksum  takes a file without a checksum: a backup of an earlier version, or one made by other means

A backup opens only with the master key it was made under: keep that key too, in another place (QAQPA_MASTER_KEY, or master.key in
the data folder). The database is the one QAQPA_DATA_DIR and QAQPA_DATABASE_URL name. PostgreSQL has pg_dump and pg_restore.

Exit codes: 0 done, 64 wrong usage, 65 refused, with the reason.
`;

export const command: Command = {
  usage,
  run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'without-checksum': { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [word = '', file, ...rest] = positionals;
    if (!isWord(word)) throw new UsageError('storage knows four words: backup, restore, check, rotate-key');
    if (rest.length > 0 || !FITS[word](file)) {
      throw new UsageError(`storage ${word} ${NEEDS[word]}`);
    }
    const unsealed = values['without-checksum'] ? 'accept' : 'refuse';
    if (unsealed === 'accept' && word !== 'restore') {
      throw new UsageError(`storage ${word} has no option --without-checksum`);
    }
    return withRefusalsTold(() => WORDS[word](file ?? null, io, unsealed));
  },
};

type Work = (file: string | null, io: CommandIo, unsealed: 'accept' | 'refuse') => Promise<number>;

const WORDS = {
  async backup(file, io) {
    const { env, stdout, stderr, cwd } = io;
    const { path, masterKey } = await embedded(env, true);
    const target = resolve(cwd, file ?? '');
    const act = operatorsAct(io);
    const { auditRecords, noted } = await backUp(path, target, masterKey, (audit) =>
      recordOperatorRead(audit, act, 'storage backup'),
    );
    if (!noted.kept) stderr.write(`qaqpa: note: the log does not tell of this copy: ${noted.why}\n`);
    stdout.write(`${target}: a sound copy, ${auditRecords} audit records. Keep the master key as well.\n`);
    return EXIT.ok;
  },
  async restore(file, { env, stdout, cwd, now }, unsealed) {
    const { path, masterKey } = await embedded(env, false);
    const source = resolve(cwd, file ?? '');
    const { auditRecords, aside } = await restore(source, path, masterKey, { now: now(), unsealed });
    stdout.write(`${path}: restored, ${auditRecords} audit records. Everybody signs in again.\n`);
    if (aside !== null) stdout.write(`What was there is ${aside}\n`);
    return EXIT.ok;
  },
  async check(file, { env, stdout, cwd }) {
    const { path, masterKey } = await embedded(env, file === null);
    const checked = file === null ? path : resolve(cwd, file);
    const { auditRecords, schemaVersion } = await (file === null
      ? examine(path, masterKey)
      : examineBackup(checked, masterKey));
    stdout.write(`${checked}: sound, schema version ${schemaVersion}, ${auditRecords} audit records\n`);
    return EXIT.ok;
  },
  async 'rotate-key'(_file, io) {
    await rotateKey(io);
    return EXIT.ok;
  },
} satisfies Record<string, Work>;

const FITS: Record<keyof typeof WORDS, (file: string | undefined) => boolean> = {
  backup: (file) => file !== undefined,
  restore: (file) => file !== undefined,
  check: () => true,
  'rotate-key': (file) => file === undefined,
};

const NEEDS: Record<keyof typeof WORDS, string> = {
  backup: 'needs one FILE',
  restore: 'needs one FILE',
  check: 'needs one FILE at most',
  'rotate-key': 'takes no argument: a key on a command line is seen by everybody on the machine',
};

function isWord(word: string): word is keyof typeof WORDS {
  return Object.hasOwn(WORDS, word);
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
