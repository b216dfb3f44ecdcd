import { LIMITS } from '../limits.js';

/** One entry of a CRL. */
export interface CrlEntry {
  readonly revokedAt: Date;
  /** CRLReason (RFC 5280 §5.3.1), `null` where none is given. */
  readonly reason: number | null;
}

/** RFC 5280 §4.1.2.2 allows 20 octets. */
export const MAX_SERIAL_OCTETS = 20;

/** The octet of an entry that holds its reason holds the sign of its serial number as well. */
const NO_REASON = 0x7f;
const NEGATIVE = 0x80;
const FIRST_CAPACITY = 1_024;

/** A serial number as `octets[start..end)`: its magnitude without leading zero octets, at most 20 of them. */
export interface ListedSerial {
  readonly octets: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly negative: boolean;
}

/**
 * The entries of one CRL in flat arrays: about 40 octets for each at the peak, 37 afterwards, where objects would take
 * hundreds. Entries are added in any order; `sort` ends the adding and makes looking up possible.
 */
export interface RevokedSerials {
  readonly size: () => number;
  readonly add: (serial: ListedSerial, revokedAtMs: number, reason: number | null) => void;
  readonly sort: () => SortedSerials;
}

interface SortedSerials {
  readonly size: number;
  /**
   * Every entry for a serial number as `Certificate.serialNumber`: none, one, or more where the issuer contradicts itself.
   */
  readonly find: (serialNumber: string) => readonly CrlEntry[];
}

export function createRevokedSerials(): RevokedSerials {
  let capacity = FIRST_CAPACITY;
  let size = 0;
  let serials = new Uint8Array(capacity * MAX_SERIAL_OCTETS);
  let dates = new Float64Array(capacity);
  let reasons = new Uint8Array(capacity);

  const grow = (): void => {
    capacity *= 2;
    serials = copied(new Uint8Array(capacity * MAX_SERIAL_OCTETS), serials);
    dates = copied(new Float64Array(capacity), dates);
    reasons = copied(new Uint8Array(capacity), reasons);
  };

  return {
    size: () => size,
    add({ octets, start, end, negative }, revokedAtMs, reason) {
      if (size === capacity) grow();
      // Right-aligned, so that the last octets, the most random ones, stand at a fixed place.
      let to = (size + 1) * MAX_SERIAL_OCTETS - (end - start);
      for (let from = start; from < end; from += 1, to += 1) serials[to] = octets[from] ?? 0;
      dates[size] = revokedAtMs;
      reasons[size] = (reason ?? NO_REASON) | (negative ? NEGATIVE : 0);
      size += 1;
    },
    sort() {
      const sorted = sortedSerials(
        serials.slice(0, size * MAX_SERIAL_OCTETS),
        dates.slice(0, size),
        reasons.slice(0, size),
        size,
      );
      // The index outlives the scanner that made it: the spare capacity must not.
      serials = new Uint8Array();
      dates = new Float64Array();
      reasons = new Uint8Array();
      return sorted;
    },
  };
}

function copied<T extends Uint8Array | Float64Array>(target: T, source: T): T {
  target.set(source);
  return target;
}

/**
 * Sorted by the last four octets of the serial number, then by position. Sorting numbers natively is quick and, unlike a hash
 * table, cannot be made slow by serial numbers chosen to collide: the list is read before its signature can be checked.
 */
function sortedSerials(
  serials: Uint8Array,
  dates: Float64Array,
  reasons: Uint8Array,
  size: number,
): SortedSerials {
  const view = new DataView(serials.buffer, serials.byteOffset, serials.byteLength);
  const tailOf = (index: number): number => view.getUint32(index * MAX_SERIAL_OCTETS + MAX_SERIAL_OCTETS - 4);
  const keys = new Float64Array(size);
  // A double holds 53 bits: 32 of the serial number and 21 of the position.
  for (let index = 0; index < size; index += 1) keys[index] = tailOf(index) * LIMITS.crl.maxEntries + index;
  keys.sort();
  const order = new Uint32Array(size);
  for (let rank = 0; rank < size; rank += 1) order[rank] = (keys[rank] ?? 0) % LIMITS.crl.maxEntries;

  const firstWithTail = (tail: number): number => {
    let [low, high] = [0, size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (tailOf(order[middle] ?? 0) < tail) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    size,
    find(serialNumber) {
      const sign = serialNumber.startsWith('-') ? NEGATIVE : 0;
      const wanted = Buffer.from(serialNumber.slice(sign === 0 ? 0 : 1), 'hex');
      if (wanted.length > MAX_SERIAL_OCTETS) return [];
      const padded = Buffer.alloc(MAX_SERIAL_OCTETS);
      padded.set(wanted, MAX_SERIAL_OCTETS - wanted.length);
      const tail = padded.readUInt32BE(MAX_SERIAL_OCTETS - 4);
      const entries: CrlEntry[] = [];
      for (let rank = firstWithTail(tail); rank < size; rank += 1) {
        const index = order[rank] ?? 0;
        if (tailOf(index) !== tail) break;
        const offset = index * MAX_SERIAL_OCTETS;
        if (padded.compare(serials, offset, offset + MAX_SERIAL_OCTETS) !== 0) continue;
        const marks = reasons[index] ?? NO_REASON;
        if ((marks & NEGATIVE) !== sign) continue;
        const reason = marks & ~NEGATIVE;
        entries.push({
          revokedAt: new Date(dates[index] ?? 0),
          reason: reason === NO_REASON ? null : reason,
        });
      }
      return entries;
    },
  };
}
