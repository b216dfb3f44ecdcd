import { parseArgs } from 'node:util';
import { type AuditRecord } from '../../audit/record.js';
import { timesOf } from '../../audit/refusal-summaries.js';
import { type OpenServices } from '../../services.js';
import { type Command, type CommandIo, EXIT, UsageError } from '../command.js';
import { withExistingStorage } from '../configured-storage.js';
import { operatorsAct, recordOperatorRead } from '../operator.js';
import { printCheckpoint, printKeys, proveRecord, rotateLogKey } from './audit/tree.js';
import { readVerification, verifyAudit } from './audit/verify.js';

const USAGE = `Usage: qaqpa audit list [--after SEQUENCE] [--limit NUMBER] [--json]
       qaqpa audit verify [--checkpoint FILE [--since]] [--key KEY] [--anchor SEQUENCE:HASH] [--json]
       qaqpa audit prove SEQUENCE
       qaqpa audit checkpoint
       qaqpa audit keys
       qaqpa audit rotate-key

list        shows records: the newest ones, or, with --after, those that follow a sequence number, oldest first. That they
            were shown, and to whom, is a record itself (records.read), after those it shows.
            With --json, one JSON object a line.
verify      recomputes the whole log: every record against its leaf, every leaf against the tree, the tree against the newest
            checkpoint, and that against the keys of the installation. Records not sealed yet are counted and prove nothing.
checkpoint  prints the newest checkpoint. Keep it somewhere else: given back as --checkpoint later, it proves that nothing up to
            there was rewritten or cut off, not even by who has the key.
prove       prints the proof that a record is in the log (c2sp.org/tlog-proof@v1), for whoever has a key that keys prints
keys        prints the keys the log is and was signed with, the newest first, as verifiers of signed notes take them
rotate-key  makes the next key; for 30 days checkpoints are signed with both

  --limit       how many records, 1 to 1000 (default 50)
  --checkpoint  a file with a checkpoint from before, - for standard input: the log must have grown out of it
  --since       reads only what came after that checkpoint
  --key         a line of keys that was kept elsewhere: the log must be signed with it
  --anchor      a line that verify of an earlier version printed: the chain from before the tree must hold this record

Exit codes of verify: 0 the log is whole, 1 it is not. Of prove: 0 proved, 1 there is no such record, or it is not sealed yet.
`;

const OPTIONS = {
  after: { type: 'string' },
  limit: { type: 'string' },
  anchor: { type: 'string' },
  checkpoint: { type: 'string' },
  since: { type: 'boolean' },
  key: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** The options each action has. */
const OPTIONS_OF: Readonly<Record<string, readonly (keyof typeof OPTIONS)[]>> = {
  list: ['after', 'limit', 'json'],
  verify: ['anchor', 'checkpoint', 'since', 'key', 'json'],
  prove: [],
  checkpoint: [],
  keys: [],
  'rotate-key': [],
};

export const command: Command = {
  usage: USAGE,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [action = '', ...rest] = positionals;
    const known = Object.hasOwn(OPTIONS_OF, action) ? OPTIONS_OF[action] : undefined;
    if (known === undefined || rest.length > (action === 'prove' ? 1 : 0)) {
      throw new UsageError(`audit needs an action: ${Object.keys(OPTIONS_OF).join(', ')}`);
    }
    for (const option of Object.keys(values)) {
      if (!known.some((name) => name === option))
        throw new UsageError(`"audit ${action}" has no option --${option}`);
    }
    const json = values.json === true;
    switch (action) {
      case 'list': {
        const after =
          values.after === undefined
            ? null
            : wholeNumber(values.after, '--after', 0, Number.MAX_SAFE_INTEGER);
        const limit = wholeNumber(values.limit ?? '50', '--limit', 1, 1000);
        return withExistingStorage(io, (storage) => listRecords(storage, io, { after, limit, json }));
      }
      case 'verify': {
        const asked = await readVerification(values, io);
        return withExistingStorage(io, (storage) => verifyAudit(storage, io, { ...asked, json }));
      }
      case 'prove': {
        const sequence = wholeNumber(rest[0] ?? '', 'SEQUENCE', 1, Number.MAX_SAFE_INTEGER);
        return withExistingStorage(io, (storage) => proveRecord(storage, io, sequence));
      }
      case 'checkpoint':
        return withExistingStorage(io, (storage) => printCheckpoint(storage, io));
      case 'keys':
        return withExistingStorage(io, (storage) => printKeys(storage, io));
      default:
        return withExistingStorage(io, (storage) => rotateLogKey(storage, io));
    }
  },
};

async function listRecords(
  { audit }: OpenServices,
  io: CommandIo,
  { after, limit, json }: { after: number | null; limit: number; json: boolean },
): Promise<number> {
  const records =
    after === null ? [...(await audit.latest(limit))].reverse() : await audit.list({ after, limit });
  const details = { after, limit, found: records.length };
  await recordOperatorRead(audit, operatorsAct(io), 'audit list', { details });
  for (const record of records) {
    io.stdout.write(`${json ? JSON.stringify({ ...record, times: timesOf(record) }) : line(record)}\n`);
  }
  return EXIT.ok;
}

function line(record: AuditRecord): string {
  const party = ({ kind, id }: { kind: string; id: string | null }): string =>
    id === null ? kind : `${kind}:${id}`;
  const details = Object.entries(record.details).map(([name, value]) => `${name}=${value ?? '-'}`);
  return [
    String(record.sequence),
    record.at.toISOString(),
    timesOf(record) === 1 ? record.type : `${record.type} ×${timesOf(record)}`,
    record.reason ?? '-',
    party(record.actor),
    record.subject === null ? '-' : party(record.subject),
    record.address ?? '-',
    ...details,
  ].join('  ');
}

function wholeNumber(text: string, what: string, least: number, most: number): number {
  const number = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most))
    throw new UsageError(`${what} is a number from ${least} to ${most}`);
  return number;
}
