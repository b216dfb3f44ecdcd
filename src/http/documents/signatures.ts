import { type DocumentVerifier } from '../../documents/verify-document.js';
import { type VerdictCode } from '../../eds/error.js';
import { type DocumentMetrics } from '../../documents/metrics.js';
import { isBase64 } from '../kernel/base64.js';
import { type ClientDoorParts, createClientDoor, SECRET_EXPIRES } from '../kernel/client-door.js';
import { type Operation, operation } from '../kernel/operation.js';
import { Problem } from '../kernel/problem.js';
import { describedReport, verificationReport, verifyRequest } from './verdict-schema.js';
import { FORMAT_PROBLEMS } from '../shapes/eds.js';

export interface SignatureParts extends ClientDoorParts {
  readonly documents: DocumentVerifier;
  readonly metrics: DocumentMetrics;
  /** Bytes of the JSON body. */
  readonly bodyLimit: number;
}

export function signatureOperations(parts: SignatureParts): Operation[] {
  const { documents, metrics } = parts;

  const requireClient = createClientDoor(parts);

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
      replies: {
        200: {
          description: 'The verdict, whatever it is',
          schema: verificationReport,
          headers: {
            [SECRET_EXPIRES]: 'When the secret that was shown ends; only within its last thirty days',
          },
        },
      },
      problems: [...FORMAT_PROBLEMS, 'XML_MALFORMED', 'SIGNATURE_IS_A_LOGIN', 'VERIFIER_BUSY'],
      async handle({ body, visitor }) {
        const began = performance.now();
        const content = body.content === undefined ? null : base64(body.content);
        const { signature, format, requireTimestamp } = body;
        const question = { signature, content, format, requireTimestamp };
        const answer = await documents.verify(question, visitor.act);
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
