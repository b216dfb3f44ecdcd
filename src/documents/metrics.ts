import { type MetricsRegistry } from '../telemetry/registry.js';

/** Counts and durations of verdicts on documents. */
export interface DocumentMetrics {
  documentJudged(verdict: { indication: string; code: string; seconds: number }): void;
}

export function createDocumentMetrics(registry: MetricsRegistry): DocumentMetrics {
  const documents = registry.counter({
    name: 'qaqpa_documents_total',
    help: 'Document signatures judged, by indication and reason',
    labels: ['indication', 'code'],
  });
  const documentSeconds = registry.histogram({
    name: 'qaqpa_document_seconds',
    help: 'Time to judge a document signature',
    labels: ['indication'],
  });
  return {
    documentJudged({ indication, code, seconds }) {
      documents.add({ indication, code });
      documentSeconds.observe({ indication }, seconds);
    },
  };
}
