// Entry of a thread for verdicts in tests: the TypeScript sources instead of the compiled file.
import { register } from 'node:module';

register('./typescript-hooks.js', import.meta.url);
await import('../../src/verdicts/verify-worker.ts');
