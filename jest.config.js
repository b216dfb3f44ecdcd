/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testTimeout: 30_000,
  // One more than CI has cores: browsers, servers and clocks are waited for.
  maxWorkers: 3,
  // Modules of finished files stay in a worker's heap, and every collection of garbage walks through them.
  workerIdleMemoryLimit: '500MB',
  reporters: ['default'],
};
