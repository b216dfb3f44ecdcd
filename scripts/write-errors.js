// Writes the tables of docs/errors.md from the compiled catalogue (src/reasons); what stands above the mark is kept.
import { readFileSync, writeFileSync } from 'node:fs';
import prettier from 'prettier';
import { SUBJECTS } from '../dist/reasons/catalogue.js';
import { errorTables } from '../dist/reasons/document.js';

const file = new URL('../docs/errors.md', import.meta.url).pathname;
const MARK = '<!-- Below: written by `npm run docs:errors` from src/reasons. -->';
const [prose, below] = readFileSync(file, 'utf8').split(MARK);
if (below === undefined) throw new Error(`${file} has lost its mark: ${MARK}`);
const options = await prettier.resolveConfig(file);
const text = `${prose}${MARK}\n\n${errorTables(SUBJECTS)}\n`;
writeFileSync(file, await prettier.format(text, { ...options, parser: 'markdown' }));
