/** What goes over the NCALayer socket: JSON in text frames, plus one word that is none. */

/** NCALayer greets every client with its version and repeats that to a heartbeat. */
export const greeting = (version: string): unknown => ({ result: { version } });
export const HEARTBEAT = '--heartbeat--';

export const MODULE_NOT_FOUND = { success: false, errorCode: 'MODULE_NOT_FOUND' } as const;

/** `kz.gov.pki.knca.basics`: an error. */
export type BasicsErrorCode =
  'INVALID_SIGNING_PARAMS' | 'SIGNING_FAILURE' | 'GENERAL_ERROR' | 'INVOCATION_ERROR';

export const basicsError = (code: BasicsErrorCode, message: string, details = ''): unknown => ({
  status: false,
  code,
  message,
  details,
});

/** Closing the window is no error to NCALayer: the body simply has no result. */
export const BASICS_CANCELLED = { status: true, body: {} } as const;

/** `kz.gov.pki.knca.commonUtils`: codes are strings. */
export const commonUtilsAnswer = (responseObject: unknown): unknown => ({ code: '200', responseObject });
export const commonUtilsError = (message: string): unknown => ({ code: '500', message });

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isStringArray = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
