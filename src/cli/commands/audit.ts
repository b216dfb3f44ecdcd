import { parseArgs } from 'node:util';
import { type AuditRecord } from '../../audit/chain.js';
import { timesOf } from '../../audit/refusal-summaries.js';
import { type Storage } from '../../storage/storage.js';
import { type Command, type CommandIo, EXIT, UsageError } from '../command.js';
import { withExistingStorage } from '../configured-storage.js';
import { operatorOf, operatorRead } from '../operator.js';

const USAGE = `Usage: qaqpa audit list [--after SEQUENCE] [--limit NUMBER] [--json]
       qaqpa audit verify [--anchor SEQUENCE:HASH] [--json]

list     shows records: the newest ones, or, with --after, those that follow a sequence number, oldest first. That they
         were shown, and to whom, is a record itself (records.read), after those it shows.
         With --json, one JSON object a line.
verify   recomputes the chain from the first record on and prints where it ends, as SEQUENCE:HASH. Keep that line somewhere
         else: given back as --anchor later, it proves that nothing up to there was rewritten or cut off.

  --limit   how many records, 1 to 1000 (default 50)

Exit codes of verify: 0 the chain is whole, 1 it is not.
`;

export const command: Command = {
  usage: USAGE,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        after: { type: 'string' },
        limit: { type: 'string' },
        anchor: { type: 'string' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
    });
    const json = values.json === true;
    switch (positionals.join(' ')) {
      case 'list': {
        if (values.anchor !== undefined) throw new UsageError('"audit list" has no option --anchor');
        const after =
          values.after === undefined ? null : wholeNumber(values.after, 'after', 0, Number.MAX_SAFE_INTEGER);
        const limit = wholeNumber(values.limit ?? '50', 'limit', 1, 1000);
        return withExistingStorage(io, (storage) => listRecords(storage, io, { after, limit, json }));
      }
      case 'verify': {
        if (values.after !== undefined || values.limit !== undefined) {
          throw new UsageError('"audit verify" has the options --anchor and --json only');
        }
        const anchor = values.anchor === undefined ? null : readAnchor(values.anchor);
        return withExistingStorage(io, (storage) => verify(storage, io, { anchor, json }));
      }
      default:
        throw new UsageError('audit needs an action: list or verify');
    }
  },
};

async function listRecords(
  { audit }: Storage,
  io: CommandIo,
  { after, limit, json }: { after: number | null; limit: number; json: boolean },
): Promise<number> {
  const records =
    after === null ? [...(await audit.latest(limit))].reverse() : await audit.list({ after, limit });
  const details = { after, limit, found: records.length };
  await audit.append(operatorRead({ command: 'audit list', actor: operatorOf(io), at: io.now(), details }));
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

interface Anchor {
  readonly sequence: number;
  readonly hash: string;
}

async function verify(
  { audit }: Storage,
  io: CommandIo,
  { anchor, json }: { anchor: Anchor | null; json: boolean },
): Promise<number> {
  const verdict = await audit.verifyChain();
  const anchored = !verdict.intact || anchor === null || (await holds(audit, anchor));
  const whole = verdict.intact && anchored;
  if (json)
    io.stdout.write(
      `${JSON.stringify({ ...verdict, intact: whole, ...(anchored ? {} : { fault: 'anchor-differs' }) })}\n`,
    );
  else if (!verdict.intact)
    io.stdout.write(`the chain is broken at record ${verdict.sequence}: ${verdict.fault}\n`);
  else if (!anchored) io.stdout.write('the chain is not the one the anchor was taken from\n');
  else io.stdout.write(`the chain is whole\n${verdict.sequence}:${verdict.hash}\n`);
  return whole ? EXIT.ok : EXIT.failed;
}

async function holds(audit: Storage['audit'], anchor: Anchor): Promise<boolean> {
  const [record] = await audit.list({ after: anchor.sequence - 1, limit: 1 });
  return record?.sequence === anchor.sequence && record.hash === anchor.hash;
}

function readAnchor(text: string): Anchor {
  const [, sequence, hash] = /^([1-9][0-9]{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || hash === undefined)
    throw new UsageError('--anchor is SEQUENCE:HASH, as verify prints it');
  return { sequence: Number(sequence), hash };
}

function wholeNumber(text: string, option: string, least: number, most: number): number {
  const number = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most))
    throw new UsageError(`--${option} is a number from ${least} to ${most}`);
  return number;
}
