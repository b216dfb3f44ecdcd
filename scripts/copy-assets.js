// Style sheets and images are not TypeScript: they go beside the compiled pages as they are.
import { cpSync, existsSync } from 'node:fs';

const from = new URL('../src/web/assets/', import.meta.url);
if (existsSync(from)) cpSync(from, new URL('../dist/web/assets/', import.meta.url), { recursive: true });
