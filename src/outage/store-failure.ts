/**
 * A store failed: the database, Redis or the audit log did not take or did not tell what it was asked. Stores throw it at their own
 * boundary, on purpose. Whatever else comes out of them, or of the use cases over them, is a mistake of the program.
 */
export abstract class StoreFailure extends Error {}
