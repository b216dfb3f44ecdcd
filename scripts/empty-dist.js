// What a renamed or deleted source left compiled would be published with the rest: every build starts from nothing.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist/', import.meta.url), { recursive: true, force: true });
