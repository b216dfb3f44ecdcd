import { parseArgs } from 'node:util';
import { type AuditRecord, type ChainPlace } from '../../audit/chain.js';
import { timesOf } from '../../audit/refusal-summaries.js';
import { type OpenServices } from '../../services.js';
import { type Command, type CommandIo, EXIT, UsageError } from '../command.js';
import { withExistingStorage } from '../configured-storage.js';
import { operatorsAct, recordOperatorRead } from '../operator.js';

const USAGE = `Usage: qaqpa audit list [--after SEQUENCE] [--limit NUMBER] [--json]
       qaqpa audit verify [--anchor SEQUENCE:HASH] [--json]

list     shows records: the newest ones, or, with --after, those that follow a sequence number, oldest first. That they
         were shown, and to whom, is a record itself (records.read), after those it shows.
         With --json, one JSON object a line.
verify   recomputes the chain from the first record that is kept and prints where it ends, as SEQUENCE:HASH. Keep that line
         somewhere else: given back as --anchor later, it proves that nothing up to there was rewritten or cut off. Records older
         than QAQPA_AUDIT_RETENTION are deleted, and verify says up to which: an anchor older than that proves nothing any more.

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

async function verify(
  { audit }: OpenServices,
  io: CommandIo,
  { anchor, json }: { anchor: ChainPlace | null; json: boolean },
): Promise<number> {
  const verdict = await audit.verifyChain();
  const anchorFault = verdict.intact ? await faultOfAnchor(audit, verdict.begin, anchor) : null;
  const whole = verdict.intact && anchorFault === null;
  if (json) {
    const fault = anchorFault === null ? {} : { fault: anchorFault };
    io.stdout.write(`${JSON.stringify({ ...verdict, intact: whole, ...fault })}\n`);
  } else if (!verdict.intact) {
    io.stdout.write(`the chain is broken at record ${verdict.sequence}: ${verdict.fault}\n`);
  } else if (anchorFault !== null) {
    io.stdout.write(`${ANCHOR_FAULTS[anchorFault]}\n`);
  } else {
    const { begin, sequence, hash } = verdict;
    if (begin.sequence > 0) {
      io.stdout.write(`records 1 to ${begin.sequence} were deleted, the last with the hash ${begin.hash}\n`);
    }
    io.stdout.write(`the chain is whole\n${sequence}:${hash}\n`);
  }
  return whole ? EXIT.ok : EXIT.failed;
}

const ANCHOR_FAULTS = {
  'anchor-differs': 'the chain is not the one the anchor was taken from',
  'anchor-deleted':
    'the chain is whole, but the record of the anchor was deleted under the retention: nothing is proved by it; keep a younger one',
} as const;

async function faultOfAnchor(
  audit: OpenServices['audit'],
  begin: ChainPlace,
  anchor: ChainPlace | null,
): Promise<keyof typeof ANCHOR_FAULTS | null> {
  if (anchor === null) return null;
  if (anchor.sequence < begin.sequence) return 'anchor-deleted';
  const there = anchor.sequence === begin.sequence ? begin : await recordAt(audit, anchor.sequence);
  return there?.hash === anchor.hash ? null : 'anchor-differs';
}

async function recordAt(audit: OpenServices['audit'], sequence: number): Promise<ChainPlace | null> {
  const [record] = await audit.list({ after: sequence - 1, limit: 1 });
  return record?.sequence === sequence ? record : null;
}

function readAnchor(text: string): ChainPlace {
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
