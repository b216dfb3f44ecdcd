import { judgeCrls } from '../eds/crl/index.js';
import { type CrlStore, type KeptList } from './crl-store.js';
import { type RevocationObserver } from './event.js';
import {
  decisiveOf,
  type FoundStatement,
  isCodes,
  later,
  type RevocationQuestion,
  type RungResult,
} from './rung.js';

/** What the lists say. */
export interface ListRung {
  /** What those in memory say, without asking and without waiting; `null` where none speaks. */
  readonly inMemory: (question: RevocationQuestion) => FoundStatement | null;
  /** What they say once the one that speaks about the certificate has been fetched, where it is missing or has run out. */
  readonly ask: (question: RevocationQuestion, waitMs: number) => Promise<RungResult>;
}

interface ListRungParts {
  readonly store: CrlStore;
  readonly clock: () => Date;
  readonly clockSkewMs: number;
  readonly onEvent: RevocationObserver;
}

/** The rung of the lists: of every list in memory that speaks about the certificate, full or delta, the one that counts. */
export function createListRung({ store, clock, clockSkewMs, onEvent }: ListRungParts): ListRung {
  const judge = (kept: readonly KeptList[], { certificate, issuer, at }: RevocationQuestion): RungResult => {
    const lists = kept.map(({ list }) => list);
    const { statements, refused } = judgeCrls(
      lists,
      certificate,
      issuer,
      { clockSkewMs },
      later(at, clock()),
    );
    const found = statements.map(({ statement, full }): FoundStatement => ({
      statement,
      rung: 'crl',
      host: kept.find(({ list }) => list === full)?.host ?? null,
    }));
    return decisiveOf(found) ?? refused;
  };

  return {
    inMemory(question) {
      const result = judge(store.inMemory(question.issuer), question);
      return isCodes(result) ? null : result;
    },
    async ask(question, waitMs) {
      const from = performance.now();
      const kept = await store.inForce(question.issuer, question.certificate, waitMs);
      const result = judge(kept, question);
      // A statement is told when it has decided.
      if (!isCodes(result)) return result;
      const codes = result.length > 0 ? result : (['REVOCATION_UNAVAILABLE'] as const);
      // Whoever does not wait only looks whether there is something to see; that there is not is no failure.
      if (waitMs > 0) {
        onEvent({
          kind: 'rung',
          rung: 'crl',
          host: kept[0]?.host ?? null,
          outcome: 'unavailable',
          code: codes[0] ?? null,
          durationMs: performance.now() - from,
        });
      }
      return codes;
    },
  };
}
