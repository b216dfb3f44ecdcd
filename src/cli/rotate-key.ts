/** `qaqpa storage rotate-key`: where the two keys are, and what the operator is told. No key is ever printed. */
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, loadConfig } from '../config.js';
import { masterKeyFile } from '../gateway.js';
import { parseDatabaseUrl } from '../storage/engines/database-url.js';
import { createFieldCipher } from '../storage/keys/field-cipher.js';
import { type RotatedKey, type RotationStep, rotateMasterKey } from '../storage/keys/key-rotation.js';
import { StorageError } from '../storage/error.js';
import { loadMasterKey, loadOrCreateMasterKey, replaceMasterKey } from '../storage/keys/master-key.js';
import { type CommandIo, InputError, UsageError } from './command.js';
import { assertDatabaseExists } from './configured-storage.js';
import { operatorsAct } from './operator.js';

/**
 * Rotates the master key of the configured store, or finishes a rotation that was interrupted.
 *
 * @throws UsageError where no new key is given, InputError, StorageError
 */
export async function rotateKey(io: CommandIo): Promise<void> {
  const config = loadConfig(io.env);
  const address = parseDatabaseUrl(config.databaseUrl);
  if (address.engine === 'sqlite') assertDatabaseExists(address.path);
  const { key, farewell } = config.masterKey === null ? await keysInFiles(config) : keysInSettings(config);
  await rotateMasterKey({
    address,
    options: config.database,
    key,
    act: operatorsAct(io),
    tell: (step) => {
      const said = SAID[step.step](step as never);
      if (said !== null) io.stdout.write(`${said}\n`);
    },
  });
  io.stdout.write(`${await farewell()}\n${LAST_WORDS}\n`);
}

interface Keys {
  readonly key: RotatedKey;
  /** What is left to do with the two keys. */
  readonly farewell: () => Promise<string>;
}

function keysInSettings({ masterKey, nextMasterKey }: Config): Keys {
  const octets = (key: Config['masterKey']): Uint8Array | null =>
    key === null ? null : new Uint8Array(key.export());
  const current = octets(masterKey) ?? new Uint8Array();
  const chosen = octets(nextMasterKey);
  let inForce: string | null = null;
  return {
    key: {
      current,
      next: () => {
        if (chosen === null) throw new UsageError(NO_NEXT_KEY);
        return Promise.resolve(chosen);
      },
      keep(masterKeyId) {
        inForce = masterKeyId;
        return Promise.resolve();
      },
    },
    // A rotation that was left unfinished ends first, whatever key comes after.
    farewell: () =>
      Promise.resolve(
        chosen === null || inForce === createFieldCipher(chosen).masterKeyId ? GIVE_NEW_KEY : ROTATE_AGAIN,
      ),
  };
}

/** @throws UsageError, InputError */
async function keysInFiles({ dataDir, nextMasterKey }: Config): Promise<Keys> {
  if (nextMasterKey !== null) throw new UsageError(NEXT_WITHOUT_PRESENT);
  const path = masterKeyFile(dataDir);
  const next = `${path}.next`;
  const current = await loadMasterKey(path);
  if (current === null) throw new InputError(`there is no master key ${path}`);
  const aside = `${path}.${createFieldCipher(current).masterKeyId.slice(0, 8)}`;
  return {
    key: {
      current,
      next: (choose) => (choose ? loadOrCreateMasterKey(next) : loadMasterKey(next)),
      async keep(masterKeyId) {
        const is = (key: Uint8Array | null): boolean =>
          key !== null && createFieldCipher(key).masterKeyId === masterKeyId;
        // Another rotation begun meanwhile may have made one of its own there: that must not become the key.
        if (is(await loadMasterKey(next))) await replaceMasterKey(path, next, aside);
        else if (!is(await loadMasterKey(path))) throw new StorageError('MASTER_KEY_WRONG', lostKey(path));
        // A process that was killed while it made the key may have left a copy of it.
        for (const name of await filesOf(dataDir, DRAFT)) await unlink(name);
      },
    },
    farewell: async () =>
      `The new key is ${path}; the one before is ${(await filesOf(dataDir, ASIDE)).join(', ') || 'gone'}. Start the gateways.`,
  };
}

/** Names of master keys that were put aside, and of those a killed process has left half made. */
const ASIDE = /^master\.key\.[0-9a-f]{8}$/;
const DRAFT = /^master\.key\.next\.[0-9a-f]{12}\.new$/;

async function filesOf(folder: string, names: RegExp): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => names.test(name)).map((name) => join(folder, name));
}

const GIVE_NEW_KEY =
  'Give every gateway the new key as QAQPA_MASTER_KEY (or QAQPA_MASTER_KEY_FILE), take QAQPA_NEXT_MASTER_KEY away and start them.';
const ROTATE_AGAIN =
  'The database was under QAQPA_MASTER_KEY already, after a rotation that had not come to its end. Call the command again to rotate to QAQPA_NEXT_MASTER_KEY.';
const lostKey = (path: string): string =>
  `the key the database is under is neither ${path} nor ${path}.next: bring it back as ${path} and call it again`;
const NO_NEXT_KEY =
  'the master key is given by QAQPA_MASTER_KEY: put a new one into QAQPA_NEXT_MASTER_KEY, or name its file in QAQPA_NEXT_MASTER_KEY_FILE (openssl rand -base64 32)';
const NEXT_WITHOUT_PRESENT =
  'QAQPA_NEXT_MASTER_KEY goes with QAQPA_MASTER_KEY; where the master key is a file in the data folder, the new one is made beside it';
const LAST_WORDS =
  'Then make a backup, and destroy the old key with all its copies: with one of them, backups of before can still be read.';

type Said = {
  readonly [Step in RotationStep['step']]: (step: Extract<RotationStep, { step: Step }>) => string | null;
};

const SAID = {
  begun: () => 'a new master key: keys of people are made ready under it, gateways may run meanwhile',
  resumed: () => 'the rotation that was interrupted goes on',
  finishing: () => 'the new key is in force already; what is left is done',
  prepared: () => null,
  alone: () => 'no other process has the database open',
  replaced: ({ people, forgottenAttempts }) =>
    `replaced: the keys of ${people} people; forgotten: wrong passwords on ${forgottenAttempts} unknown numbers`,
  kept: () => 'the new key is in force',
  scrubbed: () => 'the database files are written anew',
  proved: ({ opened, failed }) => `opened under the new key: ${opened} values; not opened: ${failed}`,
  done: () => 'the rotation is finished',
} satisfies Partial<Said> as Said;
