#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(entry)) {
  await import(entry.href);
} else {
  console.error(
    'qaqpa: the compiled program is missing; run `npm ci` (or `npm run build`) in its folder first.',
  );
  process.exitCode = 70;
}
