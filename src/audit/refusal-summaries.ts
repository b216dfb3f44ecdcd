/**
 * Refusals at the door, of people who are not known: the first of a kind and address is written at once, what follows is counted, and
 * every minute one record tells how often it was. An attempt on a known person is none of these and always a record of its own.
 */
import { type Job } from '../jobs/job.js';
import { anonymousAct } from './act.js';
import { type AuditEvent } from './event.js';
import { type AuditLog } from './log.js';
import { record } from './recorder.js';

/** What is refused to people who are not known; also the block that follows wrong passwords for an unknown number. */
const AT_THE_DOOR = [
  'login.eds.refused',
  'login.password.refused',
  'password.blocked',
  'registration.refused',
  'invitation.refused',
  'client.refused',
] as const;

type DoorEvent = AuditEvent & { readonly type: (typeof AT_THE_DOOR)[number] };

/** Counters of one instance: beyond so many by address the rest is counted by network, and beyond that by kind alone. */
const BY_ADDRESS = 256;
const BY_NETWORK = 64;

/** Records written in one unit of work, so that other writers do not wait long behind them. */
const AT_ONCE = 50;

const MINUTE_MS = 60_000;

export interface RefusalSummaries {
  /**
   * The same log, in which refusals at the door are summarised.
   *
   * @param undo takes what has to be done should the unit of work that the log is of not be kept
   */
  over(audit: AuditLog, undo?: (() => void)[]): AuditLog;
  /**
   * Writes what was counted since the last time. What cannot be written stays counted.
   *
   * @param unit runs work as one unit over the log itself
   */
  flush(unit: Unit, now: Date): Promise<void>;
}

type Unit = (work: (audit: Pick<AuditLog, 'append'>) => Promise<void>) => Promise<void>;

interface Counter {
  readonly type: DoorEvent['type'];
  readonly actor: AuditEvent['actor'];
  readonly reason: string | null;
  /** An address, a network, or `null` for all the others. */
  readonly address: string | null;
  readonly certificateSha256: string | null;
  count: number;
  since: Date | null;
  until: Date | null;
}

/** @param networkOf the network an address belongs to, such as `203.0.113.0/24` */
export function createRefusalSummaries(networkOf: (address: string) => string): RefusalSummaries {
  const byAddress = new Map<string, Counter>();
  const byNetwork = new Map<string, Counter>();
  const byKind = new Map<string, Counter>();

  /** The counter of what was refused before; a new one where there is room for another address. */
  const counterOf = (event: DoorEvent): { readonly counter: Counter; readonly first: boolean } => {
    const certificate = event.details?.['certificateSha256'];
    const kind = {
      type: event.type,
      actor: event.actor,
      reason: event.reason ?? null,
      certificateSha256: typeof certificate === 'string' ? certificate : null,
    };
    const address = event.address ?? null;
    const own = keyOf({ ...kind, address });
    const known = byAddress.get(own);
    if (known !== undefined) return { counter: known, first: false };
    if (byAddress.size < BY_ADDRESS)
      return { counter: added(byAddress, own, { ...kind, address }), first: true };
    const loose = { ...kind, certificateSha256: null };
    const network = address === null ? null : networkOf(address);
    const wide = keyOf({ ...loose, address: network });
    const shared = byNetwork.get(wide);
    if (shared !== undefined) return { counter: shared, first: false };
    if (byNetwork.size < BY_NETWORK)
      return { counter: added(byNetwork, wide, { ...loose, address: network }), first: false };
    const widest = keyOf({ ...loose, address: null });
    const rest = byKind.get(widest) ?? added(byKind, widest, { ...loose, address: null });
    return { counter: rest, first: false };
  };

  const append = async (audit: AuditLog, event: AuditEvent, undo: (() => void)[]): Promise<void> => {
    if (!isAtTheDoor(event)) return audit.append(event);
    const { counter, first } = counterOf(event);
    if (first) {
      const notWritten = (): void => {
        if (counter.count === 0) forget(byAddress, counter);
      };
      undo.push(notWritten);
      return audit.append(event).catch((error: unknown) => {
        notWritten();
        throw error;
      });
    }
    counter.count += 1;
    undo.push(uncounting(counter));
    counter.since ??= event.at;
    counter.until = event.at;
    // A wrong password for an unknown number must cost what one for a known person does.
    if (event.type === 'login.password.refused') await audit.touch();
  };

  return {
    over: (audit, undo = []) => ({ ...audit, append: (event) => append(audit, event, undo) }),

    async flush(unit, now) {
      const all = [byAddress, byNetwork, byKind];
      const counted = all.flatMap((counters) => [...counters.values()]).filter(({ count }) => count > 0);
      for (const counters of all) {
        for (const counter of counters.values()) if (counter.count === 0) forget(counters, counter);
      }
      for (let from = 0; from < counted.length; from += AT_ONCE) {
        const part = counted
          .slice(from, from + AT_ONCE)
          .map((counter) => ({ counter, count: counter.count }));
        await unit(async (audit) => {
          for (const { counter, count } of part) await recordSummary(audit, counter, count, now);
        });
        // Refusals went on meanwhile: they are for the next summary.
        for (const { counter, count } of part) {
          counter.count -= count;
          counter.since = counter.count === 0 ? null : now;
        }
      }
    },
  };
}

/** How many events a record tells of: what is counted says so, every other record is one. */
export function timesOf({ details }: { readonly details: NonNullable<AuditEvent['details']> }): number {
  const { times } = details;
  return typeof times === 'number' ? times : 1;
}

/** No known person, member or client acted, and none was acted upon. */
function isAtTheDoor(event: AuditEvent): event is DoorEvent {
  const { type, actor, subject, organisationId } = event;
  const unknown = actor.id === null && (subject ?? null) === null && (organisationId ?? null) === null;
  return unknown && AT_THE_DOOR.some((refused) => refused === type);
}

function keyOf({
  type,
  reason,
  address,
  certificateSha256,
}: Pick<Counter, 'type' | 'reason' | 'address' | 'certificateSha256'>): string {
  return JSON.stringify([type, reason, address, certificateSha256]);
}

function added(
  counters: Map<string, Counter>,
  key: string,
  what: Omit<Counter, 'count' | 'since' | 'until'>,
): Counter {
  const counter: Counter = { ...what, count: 0, since: null, until: null };
  counters.set(key, counter);
  return counter;
}

/** What a summary has told meanwhile stays told. */
function uncounting(counter: Counter): () => void {
  return () => {
    if (counter.count > 0) counter.count -= 1;
  };
}

function forget(counters: Map<string, Counter>, counter: Counter): void {
  counters.delete(keyOf(counter));
}

function recordSummary(
  audit: Pick<AuditLog, 'append'>,
  counter: Counter,
  times: number,
  now: Date,
): Promise<void> {
  const { type, actor: who, reason, address, certificateSha256, since, until } = counter;
  const act = { ...anonymousAct({ requestId: null, address, device: null }, now), who };
  const details = {
    times,
    since: (since ?? now).toISOString(),
    until: (until ?? now).toISOString(),
    ...(certificateSha256 === null ? {} : { certificateSha256 }),
  };
  return record(audit, act, type, { subject: null, reason, details });
}

/**
 * Writes the summaries every minute and at the stop. What cannot be written stays counted.
 *
 * @param unit see `flush`
 */
export function summarisingRefusals(
  summaries: Pick<RefusalSummaries, 'flush'>,
  unit: Unit,
  clock: () => Date,
): Job {
  return {
    name: 'refusal-summaries',
    pace: { everyMs: MINUTE_MS },
    runAtStop: true,
    run: () => summaries.flush(unit, clock()),
  };
}

/** Stores whose log is summarised, within units of work as well. */
export function summarising<
  Stores extends { readonly audit: AuditLog },
  Storage extends Stores & { atomically<T>(work: (stores: Stores) => Promise<T>): Promise<T> },
>(storage: Storage, summaries: RefusalSummaries): Storage {
  return {
    ...storage,
    audit: summaries.over(storage.audit),
    async atomically(work) {
      const undo: (() => void)[] = [];
      try {
        return await storage.atomically((stores) => {
          // Of a run that collided with another unit and is made again.
          for (const step of undo.splice(0).reverse()) step();
          const audit = summaries.over(stores.audit, undo);
          // Not a copy: the other stores of a unit are made when they are asked for.
          return work(Object.create(stores, { audit: { value: audit } }) as Stores);
        });
      } catch (error) {
        for (const step of undo.reverse()) step();
        throw error;
      }
    },
  };
}
