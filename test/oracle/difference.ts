import { expect } from '@jest/globals';
import { type Reading } from './bouncy-castle.js';

/** One artefact as we read it, in the oracle's terms. `code` is why we refuse it. */
export interface OurReading {
  readonly reading: Reading;
  readonly code: string | null;
}

/** A difference that is meant. Every one that stands in a table must occur, and none other may. */
export interface Explained {
  /** Names of artefacts, as the suite calls them. */
  readonly artefact: RegExp;
  /** The field that differs, `valid` and `readable` among them. */
  readonly field: RegExp;
  /** The oracle could not read the artefact at all. */
  readonly theirsUnreadable?: true;
  /** Our value of the field. */
  readonly ours?: string;
  /** Our reason, where we are the ones who refuse. */
  readonly code?: string;
  readonly why: string;
}

/** Collects differences between two readers and holds them against a table of those that are meant. */
export interface Comparison {
  compare(artefact: string, ours: OurReading, theirs: Reading): void;
  /** No unexplained difference, and no explanation without a difference. */
  conclude(): void;
  readonly compared: number;
}

export function createComparison(explained: readonly Explained[]): Comparison {
  const unexplained: string[] = [];
  const used = new Set<Explained>();
  let compared = 0;
  return {
    get compared() {
      return compared;
    },
    compare(artefact, { reading, code }, theirs) {
      compared += 1;
      for (const field of differing(reading, theirs)) {
        const reason = explained.find(
          (row) =>
            row.artefact.test(artefact) &&
            row.field.test(field) &&
            (row.code === undefined || row.code === code) &&
            (row.ours === undefined || row.ours === reading[field]) &&
            (row.theirsUnreadable === undefined || theirs['readable'] === 'false'),
        );
        if (reason !== undefined) used.add(reason);
        else {
          const [one, other] = [reading[field] ?? 'nothing', theirs[field] ?? 'nothing'];
          unexplained.push(
            `${artefact}: ${field}: ours ${one} (${code ?? 'no code'}), theirs ${other} ${theirs['why'] ?? ''}`,
          );
        }
      }
    },
    conclude() {
      expect(unexplained).toEqual([]);
      expect(explained.filter((row) => !used.has(row)).map(({ why }) => why)).toEqual([]);
    },
  };
}

/** Where both could read, every field of ours; `valid` always, and unreadable counts as not valid. */
function differing(ours: Reading, theirs: Reading): readonly string[] {
  const fields = new Set(['valid']);
  if (ours['readable'] === 'true' && theirs['readable'] === 'true') {
    for (const field of Object.keys(ours)) fields.add(field);
  }
  const valueOf = (reading: Reading, field: string): string | undefined =>
    field === 'valid' ? (reading['valid'] ?? 'false') : reading[field];
  return [...fields].filter((field) => valueOf(ours, field) !== valueOf(theirs, field));
}
