export { createCrlScanner, indexCrl, type CrlScanner } from './scanner.js';
export { type CrlIndex } from './list.js';
export { checkCrl, deltaApplies, judgeCrl, type CrlRefusal } from './judge.js';
