import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DemoLaboratory } from './laboratory.js';

/** A document signed by one of the cast, as files. */
export interface SampleDocument {
  readonly content: string;
  /** Detached CMS with a time-stamp (CAdES-T), DER. */
  readonly signature: string;
}

const TEXT = `ДОГОВОР № 1 (образец)

Адвокатская контора «Демо-Қақпа» и клиент договорились, что этот документ показывает, как проверяется подпись.
`;

/** Writes the document and its signature by the first of the cast, the head of the organisation. */
export async function writeSample(
  { lab, keys }: Pick<DemoLaboratory, 'lab' | 'keys'>,
  folder: string,
): Promise<SampleDocument> {
  const [head] = keys;
  if (head === undefined) throw new Error('the laboratory of the demonstration has no keys');
  await mkdir(folder, { recursive: true });
  const content = join(folder, 'contract.txt');
  const signature = `${content}.cms`;
  const bytes = Buffer.from(TEXT, 'utf8');
  await writeFile(content, bytes);
  await writeFile(signature, await lab.signCms(head.key, bytes, { detached: true, timestamp: {} }));
  return { content, signature };
}
