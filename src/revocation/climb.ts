import { type ListRung } from './list-rung.js';
import { type OcspRung } from './ocsp-rung.js';
import {
  decisiveOf,
  type FoundStatement,
  isCodes,
  type RevocationQuestion,
  type RungResult,
} from './rung.js';

interface ClimbParts {
  readonly responders: OcspRung;
  readonly lists: ListRung;
  /** How long a list that is not in memory is waited for, in milliseconds; `null` where there are no lists. */
  readonly crlWaitMs: number | null;
}

/** Goes from rung to rung until one answers, and puts together with that answer what is in memory (decision 13). */
type Climb = (question: RevocationQuestion, listsFirst: boolean) => Promise<RungResult>;

export function createClimb({ responders, lists, crlWaitMs }: ClimbParts): Climb {
  /** Lists as far as they have to be fetched. */
  const askLists = (question: RevocationQuestion): Promise<RungResult> =>
    crlWaitMs === null ? Promise.resolve([]) : lists.ask(question, crlWaitMs);

  /** Responders sign ahead, and one lags behind another: a fresh "good" may be about an earlier moment than what is kept. */
  const keptBeside = (fresh: FoundStatement, question: RevocationQuestion): FoundStatement | null =>
    fresh.statement.status === 'good' ? responders.kept(question) : null;

  const byListsFirst = async (question: RevocationQuestion): Promise<RungResult> => {
    const listed = await askLists(question);
    if (!isCodes(listed)) return decisiveOf([listed, responders.kept(question)]) ?? listed;
    const reused = responders.reusable(question);
    if (reused !== null) return reused;
    const answered = await responders.ask(question);
    if (!isCodes(answered)) return decisiveOf([answered, keptBeside(answered, question)]) ?? answered;
    return responders.kept(question) ?? [...answered, ...listed];
  };

  const byRespondersFirst = async (question: RevocationQuestion): Promise<RungResult> => {
    const listed = lists.inMemory(question);
    // Nothing a responder could say would lift it.
    if (listed?.statement.status === 'revoked') return listed;
    const reused = responders.reusable(question);
    const known = reused === null ? null : decisiveOf([reused, listed]);
    if (known !== null && known.statement.status === reused?.statement.status) return known;
    const answered = await responders.ask(question);
    // Looked up again: a list may have come while the responder was asked.
    if (!isCodes(answered)) {
      return decisiveOf([answered, keptBeside(answered, question), lists.inMemory(question)]) ?? answered;
    }
    const kept = responders.kept(question);
    if (kept !== null) return decisiveOf([kept, lists.inMemory(question)]) ?? kept;
    const fetched = await askLists(question);
    return isCodes(fetched) ? [...answered, ...fetched] : fetched;
  };

  return (question, listsFirst) => (listsFirst ? byListsFirst(question) : byRespondersFirst(question));
}
