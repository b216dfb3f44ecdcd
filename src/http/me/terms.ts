import { type TermsAcceptance } from '../../me/terms-acceptance.js';
import { type Terms } from '../../personal-data/terms.js';
import { noSession } from '../kernel/caller.js';
import { type Operation, operation } from '../kernel/operation.js';
import { languageOf } from '../kernel/page-language.js';
import { Problem } from '../kernel/problem.js';
import { challengeIssued, EDS_PROBLEMS, SIGNATURE_BODY, SMALL_BODY } from '../shapes/eds.js';
import { sessionRenewed } from '../shapes/session-body.js';
import { challengeReply, sessionReply } from '../shapes/session-schema.js';
import { termsAcceptRequest, termsChallengeRequest, termsQuery, termsReply } from './schema.js';

export interface TermsOperationParts {
  readonly terms: Terms;
  readonly termsAcceptance: TermsAcceptance;
  readonly clock: () => Date;
  readonly challengeLifetimeMs: number;
}

/** The texts in force, and their acceptance within a session. */
export function termsOperations({
  terms,
  termsAcceptance,
  clock,
  challengeLifetimeMs,
}: TermsOperationParts): Operation[] {
  return [
    operation({
      id: 'readTerms',
      method: 'get',
      path: '/v1/terms',
      summary: 'The terms of use and the privacy policy in force',
      tag: 'registration',
      access: 'open',
      limit: null,
      query: termsQuery,
      replies: { 200: { description: 'Their version and their texts', schema: termsReply } },
      problems: [],
      handle({ request, query }) {
        const language = languageOf(request, query.language);
        const { version, effectiveFrom, documents } = terms.at(clock());
        return Promise.resolve({
          status: 200,
          body: {
            version,
            effectiveFrom: effectiveFrom.toISOString(),
            language,
            documents: documents[language],
          },
        });
      },
    }),
    operation({
      id: 'issueTermsChallenge',
      method: 'post',
      path: '/v1/me/terms/challenge',
      summary: 'Ask for the terms to sign, word for word',
      tag: 'me',
      access: 'session',
      limit: 'manage',
      body: { schema: termsChallengeRequest, limit: SMALL_BODY },
      replies: {
        201: { description: 'A challenge for this browser that holds the terms', schema: challengeReply },
      },
      problems: [],
      async handle({ request, body, presence, visitor }) {
        const language = languageOf(request, body.language);
        const challenge = await termsAcceptance.begin(language, presence, visitor);
        return challengeIssued(challenge, challengeLifetimeMs);
      },
    }),
    operation({
      id: 'acceptTerms',
      method: 'post',
      path: '/v1/me/terms',
      summary: 'Accept the terms with the signed challenge',
      tag: 'me',
      access: 'session',
      limit: 'manage',
      body: { schema: termsAcceptRequest, limit: SIGNATURE_BODY },
      replies: {
        200: { description: 'Accepted; the session goes on under a new cookie', schema: sessionReply },
      },
      problems: ['TERMS_OTHER_PERSON', 'TERMS_OUTDATED', ...EDS_PROBLEMS],
      async handle({ body, presence, visitor }) {
        const result = await termsAcceptance.complete(body, presence, visitor);
        if (result.outcome === 'refused') throw new Problem(result.code);
        if (result.opened === null) throw noSession(visitor);
        return sessionRenewed(presence, result.opened);
      },
    }),
  ];
}
