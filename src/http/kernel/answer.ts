import { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { AccountError } from '../../accounts/account.js';
import { ChallengesFull } from '../../challenge/room.js';
import { StoreFailure } from '../../outage/store-failure.js';
import { PasswordsBusy } from '../../passwords/threads.js';
import { type Reasons } from '../../reasons/catalogue.js';
import { LoginUnavailable } from '../../sign-in/refusal.js';
import { type Repeats } from '../../telemetry/repeats.js';
import { VerdictUnavailable } from '../../verdicts/verdicts.js';
import { renderProblemPage } from '../../web/index.js';
import { accountProblem } from './account-problem.js';
import { noteFailure } from './failure-log.js';
import { sendJsonText } from './json-answer.js';
import { problemLanguageOf } from './page-language.js';
import { Problem, type ProblemCode, problemDocument } from './problem.js';

/** Whatever no route took. */
export const answerNotFound: RequestHandler = () => {
  throw new Problem('REQUEST_NOT_FOUND');
};

/**
 * The last stop of every error. Refusals are told as they are; a store that does not answer is 503; everything else is a bare 500 whose
 * story is in the log under the same place. A visitor who navigated here is shown a page, a program is told in JSON.
 */
export function answerProblems(parts: {
  readonly repeats: Pick<Repeats, 'note'>;
  readonly origin: string;
  readonly reasons: Reasons;
}): ErrorRequestHandler {
  const { repeats, origin, reasons } = parts;
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- Express knows what answers errors by its four parameters
  return (error: unknown, request, response, _next) => {
    const problem = problemOf(error);
    const { status, texts } = reasons[problem.code];
    const requestId = String(response.locals['requestId']);
    response.locals['code'] = problem.code;
    // Shedding is the cure, not the illness: a line for each would be another flood. The metrics count them.
    if (status >= 500 && !SHED.has(problem.code)) {
      response.locals['place'] = noteFailure(repeats, { requestId, code: problem.code, error });
    }
    if (response.headersSent) {
      // It cannot be told any more: an answer that breaks off is not taken for a whole one.
      response.destroy();
      return;
    }
    const navigation = isNavigation(request);
    const language = problemLanguageOf(request, navigation);
    for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
    if (status === 503 && !response.hasHeader('Retry-After')) response.setHeader('Retry-After', '5');
    response.statusCode = status;
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Language', language);
    response.setHeader('Vary', 'Accept, Accept-Language, Cookie');
    if (navigation) {
      const page = { language, address: request.originalUrl, origin, text: texts[language], requestId };
      response.type('text/html; charset=utf-8').send(renderProblemPage(page));
      return;
    }
    const document = JSON.stringify(problemDocument(problem, reasons, language, requestId));
    sendJsonText(response, 'application/problem+json', document);
  };
}

/** Refusals that say that there is too much to do. */
const SHED: ReadonlySet<ProblemCode> = new Set(['GATEWAY_FULL', 'VERIFIER_BUSY', 'GATEWAY_BUSY']);

/** Browsers ask in some 150 characters. Weighing 16 KB of preferences would take 30 ms. */
const ACCEPT_MAX_LENGTH = 1000;

/** A browser going to an address, which asks for HTML before anything else. Everything under /v1 speaks JSON alone. */
function isNavigation(request: Request): boolean {
  const asked = request.method === 'GET' || request.method === 'HEAD';
  return (
    asked &&
    !request.path.startsWith('/v1/') &&
    (request.headers.accept ?? '').length <= ACCEPT_MAX_LENGTH &&
    request.accepts(['application/problem+json', 'text/html']) === 'text/html'
  );
}

/** What an error is told as. Only what was thrown on purpose is a refusal or an outage; the rest is a defect. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const refused = error instanceof AccountError ? accountProblem(error) : null;
  if (refused !== null) return refused;
  if (error instanceof LoginUnavailable || error instanceof StoreFailure)
    return new Problem('SERVICE_UNAVAILABLE', { cause: error });
  if (error instanceof ChallengesFull) {
    return error.bound === 'own'
      ? new Problem('RATE_LIMITED', { headers: { 'Retry-After': '60' }, cause: error })
      : new Problem('GATEWAY_BUSY', { headers: { 'Retry-After': '10' }, cause: error });
  }
  if (error instanceof PasswordsBusy) {
    return new Problem('GATEWAY_BUSY', { headers: { 'Retry-After': '2' }, cause: error });
  }
  if (error instanceof VerdictUnavailable) {
    if (error.code === 'VERIFIER_BUSY') {
      return new Problem('VERIFIER_BUSY', { headers: { 'Retry-After': '2' }, cause: error });
    }
    if (error.code !== 'VERIFIER_FAILED') return new Problem('SERVICE_UNAVAILABLE', { cause: error });
  }
  // Express throws this for a path that is not percent-encoded UTF-8.
  if (error instanceof URIError) return new Problem('REQUEST_NOT_FOUND', { cause: error });
  return new Problem('INTERNAL', { cause: error });
}
