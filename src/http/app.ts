import { randomUUID } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import express, { type Express, type RequestHandler } from 'express';
import { type MySessions } from '../me/my-sessions.js';
import { type StepUpRule } from '../me/step-up-rule.js';
import { memoryAtHand } from '../memory/memory-at-hand.js';
import { type Reasons } from '../reasons/catalogue.js';
import { closedFieldsLog, type Log } from '../telemetry/log.js';
import { type Repeats } from '../telemetry/repeats.js';
import { pageSecurityPolicy } from '../web/index.js';
import { binClaimOperations, type BinClaimParts } from './administration/bin-claims.js';
import { administrationOperations } from './administration/organisations.js';
import { peopleOperations } from './administration/people.js';
import { signatureOperations, type SignatureParts } from './documents/signatures.js';
import { healthOperations, type Readiness } from './health/health.js';
import { type RegistrationOperationParts, registrationOperations } from './joining/registration.js';
import { type ManagementParts } from './kernel/acting.js';
import { answerNotFound, answerProblems } from './kernel/answer.js';
import { createBodyRooms } from './kernel/body-room.js';
import { createForwardingWatch, type ForwardingWatch } from './kernel/forwarding.js';
import { type Limits } from './kernel/limits.js';
import { type HttpMetrics } from './kernel/metrics.js';
import { type Operation } from './kernel/operation.js';
import { Problem } from './kernel/problem.js';
import { remembered } from './kernel/remembered.js';
import { createOperationTable } from './kernel/request-finding.js';
import { mountOperations, readIntended, refuseMethod } from './kernel/router.js';
import { securityHeaders } from './kernel/security-headers.js';
import { addressOf } from './kernel/visitor.js';
import { logTreeOperations } from './log/tree.js';
import { contactsOperations } from './me/contacts.js';
import { myMembershipOperations } from './me/my-memberships.js';
import { mySessionOperations } from './me/my-sessions.js';
import { passwordOperations } from './me/password.js';
import { sessionOperations } from './me/session.js';
import { stepUpOperations, type StepUpRouteParts } from './me/step-up.js';
import { type TermsOperationParts, termsOperations } from './me/terms.js';
import { openApiDocument } from './openapi.js';
import { certificatesOperations } from './organisation/certificates.js';
import { invitationsOperations } from './organisation/invitations.js';
import { logOperations } from './organisation/log.js';
import { memberSessionsOperations } from './organisation/member-sessions.js';
import { membersOperations } from './organisation/members.js';
import { organisationOperations } from './organisation/organisation.js';
import { rolesOperations } from './organisation/roles.js';
import { mountNewcomerPages } from './pages/newcomer-pages.js';
import { mountPages, type PageParts } from './pages/pages.js';
import { loginOperations, type LoginParts } from './sign-in/sign-in.js';

export interface AppParts
  extends
    LoginParts,
    RegistrationOperationParts,
    TermsOperationParts,
    SignatureParts,
    PageParts,
    StepUpRouteParts,
    ManagementParts {
  readonly storage: BinClaimParts['storage'] & PageParts['storage'];
  readonly mySessions: MySessions;
  readonly stepUpRule: StepUpRule;
  readonly limits: Limits;
  readonly readiness: Readiness;
  readonly log: Log;
  readonly repeats: Pick<Repeats, 'note'>;
  /** What every problem is told as. */
  readonly reasons: Reasons;
  readonly metrics: LoginParts['metrics'] & SignatureParts['metrics'] & HttpMetrics;
  readonly version: string;
  /** Addresses and networks whose `X-Forwarded-For` is believed; empty: the client address is the socket's. */
  readonly trustedProxies: readonly string[];
  /** Whether a request came on a connection there is no room for. */
  readonly crowded: (request: IncomingMessage) => boolean;
}

/** The HTTP face: what happens to a request, in order. */
export function createApp(parts: AppParts): Express {
  const { log, metrics, origin } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  trustProxies(app, parts.trustedProxies);
  // Case and trailing slash are part of an address: one operation, one URL, so that nothing in front of us reads it differently.
  app.enable('case sensitive routing');
  app.enable('strict routing');

  const forwarding = createForwardingWatch({ trusts: trustOf(app), log, metrics });
  app.use(announce(log, metrics, forwarding));
  app.use(securityHeaders(pageSecurityPolicy(parts.ncalayer.url), origin));
  app.use(refuseCrowded(parts.crowded));

  const operations: readonly Operation[] = [
    ...loginOperations(parts),
    ...registrationOperations(parts),
    ...termsOperations(parts),
    ...contactsOperations(parts),
    ...sessionOperations(parts),
    ...passwordOperations(parts),
    ...mySessionOperations(parts),
    ...myMembershipOperations(parts),
    ...stepUpOperations(parts, (intended, presence) => readIntended(table, intended, presence, parts)),
    ...organisationOperations(parts),
    ...membersOperations(parts),
    ...memberSessionsOperations(parts),
    ...certificatesOperations(parts),
    ...invitationsOperations(parts),
    ...rolesOperations(parts),
    ...logOperations(parts),
    ...logTreeOperations(parts),
    ...administrationOperations(parts),
    ...binClaimOperations(parts),
    ...peopleOperations(parts),
    ...signatureOperations(parts),
    ...healthOperations(withProxies(parts.readiness, forwarding)),
  ];
  const table = createOperationTable(operations);
  const answer = answerProblems(parts);
  const bodyRooms = createBodyRooms(parts.bodyLimit, memoryAtHand());
  mountOperations(app, table, { ...parts, bodyRooms }, answer);
  // Written out once: any visitor may ask for it, and it is longer than any other answer.
  const contract = Buffer.from(JSON.stringify(openApiDocument(operations, origin, parts.version)));
  app.get('/openapi.json', (_request, response) => {
    response.locals['route'] = '/openapi.json';
    response.set({ 'Cache-Control': 'no-cache', 'Content-Type': 'application/json; charset=utf-8' });
    response.send(contract);
  });
  app.all('/openapi.json', refuseMethod('GET, HEAD'));
  mountPages(app, parts);
  mountNewcomerPages(app, parts);

  app.use(answerNotFound);
  app.use(answer);
  return app;
}

/** Lets Express judge which peers are believed, each only once: it would read and compare addresses several times a request. */
function trustProxies(app: Express, proxies: readonly string[]): void {
  app.set('trust proxy', proxies.length === 0 ? false : [...proxies]);
  app.set('trust proxy', remembered(trustOf(app)));
}

/** Which peers are believed, as Express itself judges them. A list of networks judges every hop alike. */
function trustOf(app: Express): (address: string) => boolean {
  const trusts = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  return (address) => trusts(address, 0);
}

function withProxies(readiness: Readiness, forwarding: ForwardingWatch): Readiness {
  return {
    ...readiness,
    checks: async () => ({ ...(await readiness.checks()), proxies: forwarding.check() }),
  };
}

function refuseCrowded(crowded: AppParts['crowded']): RequestHandler {
  return (request, _response, next) => {
    if (crowded(request)) throw new Problem('GATEWAY_FULL', { headers: { 'Retry-After': '5' } });
    next();
  };
}

/** Gives the request its identifier, and tells log and metrics how it ended. Of what was addressed only the route, which is ours. */
function announce(gatewayLog: Log, metrics: HttpMetrics, forwarding: ForwardingWatch): RequestHandler {
  const log = closedFieldsLog(gatewayLog);
  return (request, response, next) => {
    forwarding.see(request);
    const requestId = randomUUID();
    const began = performance.now();
    const { method } = request;
    const address = addressOf(request);
    response.locals['requestId'] = requestId;
    response.locals['address'] = address;
    response.setHeader('X-Request-Id', requestId);
    response.once('close', () => {
      const milliseconds = performance.now() - began;
      const { statusCode: status } = response;
      const route = typeof response.locals['route'] === 'string' ? response.locals['route'] : 'none';
      metrics.requestAnswered({ route, method, status, seconds: milliseconds / 1000 });
      const line = {
        requestId,
        method,
        // An address that does not exist may hold anything: an IIN, the token of an invitation.
        path: route === 'none' ? '(unknown)' : route,
        status,
        code: response.locals['code'] as unknown,
        place: response.locals['place'] as unknown,
        address,
        milliseconds: Math.round(milliseconds),
        finished: response.writableFinished,
      };
      if (route === '/livez' || route === '/readyz' || route === '/assets') log.debug(line, 'answered');
      else log.info(line, 'answered');
    });
    next();
  };
}
