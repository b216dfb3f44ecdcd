import { type IncomingMessage } from 'node:http';
import { type AuditLog } from '../../audit/log.js';
import { type DocumentVerifier } from '../../documents/verify-document.js';
import { type VerdictCode } from '../../eds/error.js';
import { type ApiClient, type ApiClients } from '../../federation/api-client.js';
import { type Visitor } from '../../login/visitor.js';
import { type Metrics } from '../../telemetry/metrics.js';
import { isBase64 } from '../base64.js';
import { clientCredentials } from '../guard.js';
import { type Operation, operation } from '../operation.js';
import { Problem } from '../problem.js';
import { describedReport, verificationReport, verifyRequest } from '../verdict-schema.js';
import { FORMAT_PROBLEMS } from './eds.js';

export interface SignatureParts {
  readonly documents: DocumentVerifier;
  readonly apiClients: Pick<ApiClients, 'authenticate'>;
  readonly audit: AuditLog;
  readonly clock: () => Date;
  readonly metrics: Metrics;
  /** Bytes of the JSON body. */
  readonly bodyLimit: number;
}

export function signatureOperations(parts: SignatureParts): Operation[] {
  const { documents, metrics } = parts;

  const requireClient = async (request: IncomingMessage, visitor: Visitor): Promise<ApiClient> => {
    const credentials = clientCredentials(request);
    const client =
      credentials === null ? null : await parts.apiClients.authenticate(credentials.id, credentials.secret);
    if (client !== null) return client;
    if (credentials !== null) {
      const { requestId, address } = visitor;
      const actor = { kind: 'anonymous', id: null } as const;
      await parts.audit.append({ type: 'client.refused', at: parts.clock(), actor, requestId, address });
    }
    throw new Problem('CLIENT_UNAUTHORISED', {
      headers: { 'WWW-Authenticate': 'Basic realm="qaqpa", charset="UTF-8", Bearer realm="qaqpa"' },
    });
  };

  return [
    operation({
      id: 'verifySignature',
      method: 'post',
      path: '/v1/signatures/verify',
      summary: 'Judge a document signature',
      tag: 'signatures',
      access: 'client',
      limit: 'verify',
      body: { schema: verifyRequest, limit: parts.bodyLimit },
      authorise: requireClient,
      replies: { 200: { description: 'The verdict, whatever it is', schema: verificationReport } },
      problems: [...FORMAT_PROBLEMS, 'XML_MALFORMED', 'SIGNATURE_IS_A_LOGIN', 'VERIFIER_BUSY'],
      async handle({ body, client, visitor: { requestId, address } }) {
        const began = performance.now();
        const content = body.content === undefined ? null : base64(body.content);
        const answer = await documents.verify({
          signature: body.signature,
          content,
          format: body.format,
          requireTimestamp: body.requireTimestamp,
          client,
          requestId,
          address,
        });
        const seconds = (performance.now() - began) / 1000;
        if (answer.outcome === 'refused') {
          metrics.documentJudged({ indication: 'none', code: answer.code, seconds });
          throw refusalOf(answer.code);
        }
        const { report } = answer;
        metrics.documentJudged({ indication: report.indication, code: report.code ?? 'none', seconds });
        return { status: 200, body: describedReport(report) };
      },
    }),
  ];
}

/** A reader finds out what was sent; only then can content beside an XML document be told. */
function refusalOf(code: VerdictCode): Problem {
  if (code !== 'SIGNATURE_CONTENT_UNEXPECTED') return new Problem(code);
  return new Problem('REQUEST_INVALID', {
    extensions: { errors: [{ path: 'content', problem: 'must not be sent with signed XML' }] },
  });
}

/** Strict: Node's own reader skips what it does not know, and content that was skipped was not verified. */
function base64(text: string): Uint8Array {
  if (!isBase64(text)) {
    throw new Problem('REQUEST_INVALID', {
      extensions: { errors: [{ path: 'content', problem: 'must be base64' }] },
    });
  }
  return Buffer.from(text, 'base64');
}
