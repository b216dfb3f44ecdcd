/** `qaqpa audit verify`: what is asked of the log, and what is told of it. */
import { type ChainPlace } from '../../../audit/chain.js';
import { readCheckpoint, readVerifierKey } from '../../../audit/checkpoint.js';
import { type Verification } from '../../../audit/log.js';
import { type LogFault, type LogVerdict, placeOf } from '../../../audit/verify.js';
import { type OpenServices } from '../../../services.js';
import { type CommandIo, EXIT, InputError, UsageError } from '../../command.js';
import { readInput } from '../../input.js';

const CHECKPOINT_MAX_BYTES = 16_384;

interface Asked {
  readonly what: Verification;
  readonly anchor: ChainPlace | null;
}

/** Reads the options. @throws UsageError, InputError */
export async function readVerification(
  values: { checkpoint?: string; since?: boolean; key?: string; anchor?: string },
  io: CommandIo,
): Promise<Asked> {
  const anchor = values.anchor === undefined ? null : readAnchor(values.anchor);
  const key = values.key === undefined ? null : readVerifierKey(values.key);
  if (values.key !== undefined && key === null)
    throw new UsageError('--key is a line as "audit keys" prints it');
  if (values.checkpoint === undefined) {
    if (values.since === true) throw new UsageError('--since needs --checkpoint');
    return { anchor, what: key === null ? {} : { key } };
  }
  const octets = await readInput(values.checkpoint, CHECKPOINT_MAX_BYTES, io);
  const kept = readCheckpoint(Buffer.from(octets).toString('utf8'));
  if (kept === null) throw new InputError(`${values.checkpoint} is no checkpoint of a log`);
  return { anchor, what: { kept, sinceKept: values.since === true, ...(key === null ? {} : { key }) } };
}

/** Verifies the log and tells the outcome. @returns the exit code */
export async function verifyAudit(
  { audit }: OpenServices,
  io: CommandIo,
  { what, anchor, json }: Asked & { readonly json: boolean },
): Promise<number> {
  const verdict = await audit.verify(what);
  const anchorFault = verdict.intact ? await faultOfAnchor(audit, verdict, anchor) : null;
  const whole = verdict.intact && anchorFault === null;
  if (json) {
    const fault = anchorFault === null ? {} : { fault: anchorFault };
    io.stdout.write(`${JSON.stringify({ ...verdict, intact: whole, ...fault })}\n`);
  } else if (!verdict.intact) {
    io.stdout.write(
      `the log is broken${placeOf(verdict)}: ${verdict.fault}\n${MEANINGS[verdict.fault] ?? ''}`,
    );
  } else if (anchorFault !== null) {
    io.stdout.write(`${ANCHOR_FAULTS[anchorFault]}\n`);
  } else {
    tell(io, verdict, what);
  }
  return whole ? EXIT.ok : EXIT.failed;
}

type Intact = Extract<LogVerdict, { intact: true }>;

function tell(
  io: CommandIo,
  { begin, records, root, size, unsealed }: Intact,
  { kept, sinceKept }: Verification,
): void {
  const lines = [
    ...(begin.leaves === 0
      ? []
      : [`records 1 to ${begin.sequence} were deleted; their ${begin.leaves} leaves are in the tree`]),
    'the log is whole',
    ...(kept === undefined ? [] : [`it grew out of the checkpoint of ${kept.size} leaves`]),
    `${records - unsealed} records ${sinceKept === true ? 'since then ' : ''}verified; ${unsealed} not sealed yet, of which nothing is proved`,
    ...(root === null ? ['nothing is sealed yet: the gateway does that'] : [`${size} leaves, root ${root}`]),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** What is not plain from the name of a fault. */
const MEANINGS: Partial<Record<LogFault, string>> = {
  'kept-foreign': 'the checkpoint that was given is of another log, or not signed by a key of this one\n',
  'kept-ahead':
    'the checkpoint that was given is of a longer log: the end was cut off, or an older backup was restored\n',
  'kept-differs': 'the log did not grow out of the checkpoint that was given: it was rewritten\n',
  'key-unknown': 'the log is not signed with the key that was given\n',
  'root-differs': 'the tiles of the tree do not lead to what was signed\n',
  'checkpoint-unsigned': 'no key of this installation has signed the newest checkpoint\n',
};

const ANCHOR_FAULTS = {
  'anchor-differs': 'the chain is not the one the anchor was taken from',
  'anchor-deleted':
    'the log is whole, but the record of the anchor was deleted under the retention: nothing is proved by it; keep a checkpoint instead',
} as const;

async function faultOfAnchor(
  audit: OpenServices['audit'],
  { begin }: Intact,
  anchor: ChainPlace | null,
): Promise<keyof typeof ANCHOR_FAULTS | null> {
  if (anchor === null) return null;
  if (anchor.sequence < begin.sequence) return 'anchor-deleted';
  const hash =
    anchor.sequence === begin.sequence ? begin.hash : (await audit.find(anchor.sequence))?.chain?.hash;
  return hash === anchor.hash ? null : 'anchor-differs';
}

function readAnchor(text: string): ChainPlace {
  const [, sequence, hash] = /^([1-9][0-9]{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || hash === undefined)
    throw new UsageError('--anchor is SEQUENCE:HASH, as verify printed it');
  return { sequence: Number(sequence), hash };
}
