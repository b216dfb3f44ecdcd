export { createCrlScanner, indexCrl, type CrlScanner } from './scanner.js';
export { type CrlIndex } from './list.js';
export { checkCrl, judgeCrl, type CrlRefusal } from './judge.js';
export { covers } from './scope.js';
export { judgeCrls } from './several.js';
