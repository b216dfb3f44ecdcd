/** Fixed, so that a test that opens a store twice, or in two processes, need not carry the key about. */
export const TEST_MASTER_KEY = new Uint8Array(32).fill(7);

/** Cheap argon2 for tests: the cost is not what they are about. */
export const TEST_PASSWORD_COST = { memoryKiB: 64, passes: 1, lanes: 1 };
