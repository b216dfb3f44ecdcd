/** Composes what answers requests: the use cases over the open stores, and the HTTP face over them. Part of the composition root. */
import { type IncomingMessage } from 'node:http';
import { type Express } from 'express';
import { type Config } from './config.js';
import { createDocumentMetrics } from './documents/metrics.js';
import { createDocumentVerifier } from './documents/verify-document.js';
import { createApp } from './http/app.js';
import { type Check } from './http/health/health.js';
import { observeLimits, observePasswordAlarm } from './http/kernel/alarms.js';
import { createLimits } from './http/kernel/limits.js';
import { createHttpMetrics } from './http/kernel/metrics.js';
import { networkOf } from './http/kernel/network.js';
import { createPasswordLimits } from './http/kernel/password-limits.js';
import { createInvitationAcceptance } from './joining/invitation-acceptance.js';
import { createRegistration } from './joining/registration.js';
import { createMySessions } from './me/my-sessions.js';
import { createOwnContacts } from './me/own-contacts.js';
import { createOwnMemberships } from './me/own-memberships.js';
import { createPasswordChanges } from './me/password-change.js';
import { createPresences } from './me/presence.js';
import { createStepUpRule } from './me/step-up-rule.js';
import { createStepUps } from './me/step-up.js';
import { createTermsAcceptance } from './me/terms-acceptance.js';
import { type Terms } from './personal-data/terms.js';
import { type CountsOf } from './rates/counts.js';
import { reasonsWith } from './reasons/catalogue.js';
import { type OpenServices } from './services.js';
import { createEdsSignIn } from './sign-in/eds-sign-in.js';
import { createSignInMetrics } from './sign-in/metrics.js';
import { createPasswordSignIn } from './sign-in/password-sign-in.js';
import { createSprayWatch } from './sign-in/spraying.js';
import { type Log } from './telemetry/log.js';
import { type MetricsRegistry } from './telemetry/registry.js';
import { type Repeats } from './telemetry/repeats.js';
import { type TrustStore } from './trust/store.js';
import { type OpenVerdicts } from './verdicts/open.js';

/** What is open by now. The application closes none of it and has no lifetime of its own. */
interface ApplicationParts {
  readonly storage: OpenServices;
  readonly verdicts: OpenVerdicts;
  readonly trust: TrustStore;
  readonly terms: Terms;
  /** Where limits are counted for all instances; `null`: each counts for itself. */
  readonly countsOf: CountsOf | null;
  /** Whether the gateway was told to stop. */
  readonly stopping: () => boolean;
  /** Whether those who are asked about revocation answer. */
  readonly revocation: () => 'ok' | 'degraded';
  /** Whether a request came on a connection there is no room for. */
  readonly crowded: (request: IncomingMessage) => boolean;
  readonly clock: () => Date;
  readonly log: Log;
  /** Lines that would come again and again. */
  readonly repeats: Pick<Repeats, 'note'>;
  readonly registry: MetricsRegistry;
  readonly origin: string;
  readonly version: string;
}

export function composeApplication(config: Config, opened: ApplicationParts): Express {
  const {
    storage,
    verdicts,
    trust,
    terms,
    countsOf,
    stopping,
    revocation,
    crowded,
    clock,
    log,
    repeats,
    registry,
    origin,
    version,
  } = opened;
  const metrics = {
    ...createHttpMetrics(registry),
    ...createSignInMetrics(registry),
    ...createDocumentMetrics(registry),
  };
  const parts = { storage, verdicts, clock, origin };
  const { challengeLifetimeMs } = config;
  const stepUpRule = createStepUpRule(config.stepUp);
  const limits = createLimits(config.rates, {
    countsOf,
    widths: config.rateWidths,
    onRefused: observeLimits(log, metrics),
  });
  return createApp({
    edsLogin: createEdsSignIn({ ...parts, challengeLifetimeMs }),
    passwordLogin: createPasswordSignIn({
      ...parts,
      sprays: createSprayWatch(networkOf),
      onAlarm: observePasswordAlarm(log, metrics),
    }),
    passwordLimits: createPasswordLimits(limits, config.rates),
    passwordRules: config.passwordRules,
    registrationKinds: config.registration,
    registration: createRegistration({
      ...parts,
      terms,
      challengeLifetimeMs,
      kinds: config.registration,
      perDay: config.perDay.registrations,
    }),
    invitationsPerDay: config.perDay.invitations,
    invitations: createInvitationAcceptance(parts),
    terms,
    termsAcceptance: createTermsAcceptance({ ...parts, terms, challengeLifetimeMs }),
    contacts: createOwnContacts(parts),
    memberships: createOwnMemberships(parts),
    presences: createPresences(parts),
    mySessions: createMySessions(parts),
    stepUpRule,
    passwordChanges: createPasswordChanges({ ...parts, stepUpRule, freshMs: config.stepUp.freshMs }),
    stepUps: createStepUps({ ...parts, challengeLifetimeMs }),
    documents: createDocumentVerifier({ ...parts, audit: storage.audit }),
    apiClients: storage.apiClients,
    storage,
    audit: storage.audit,
    limits,
    reasons: reasonsWith({ attempts: config.passwordAttempts, signingMs: challengeLifetimeMs }),
    crowded,
    readiness: { stopping, checks: () => readiness(storage, trust, verdicts, revocation) },
    bodyLimit: config.verifyBodyLimit,
    challengeLifetimeMs,
    ncalayer: config.ncalayer,
    trustedProxies: config.trustedProxies,
    clock,
    log,
    repeats,
    metrics,
    origin,
    version,
  });
}

async function readiness(
  storage: OpenServices,
  trust: TrustStore,
  verdicts: OpenVerdicts,
  revocation: () => 'ok' | 'degraded',
): Promise<Record<string, Check>> {
  const { database, redis, disk } = await storage.health();
  const { threads, alive } = verdicts.status();
  const check = (good: boolean): Check => (good ? 'ok' : 'failed');
  return {
    database: check(database),
    ...(disk === null ? {} : { disk: ({ ok: 'ok', low: 'degraded', full: 'failed' } as const)[disk.state] }),
    ...(redis === null ? {} : { redis: check(redis) }),
    trust: check(trust.current().entries.length > 0),
    verdicts: check(threads === 0 || alive > 0),
    // Lists and earlier answers may still decide; where they do not, a sign-in says so itself.
    revocation: revocation(),
  };
}
