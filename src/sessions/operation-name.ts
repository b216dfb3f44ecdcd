/** What a person may be asked to sign by itself before it is done. A new one is added here on purpose. */
export const OPERATION_NAMES = [
  'members.change',
  'roles.change',
  'settings.change',
  'certificates.change',
  'organisation.claim',
  'password.set',
  'personal-data.export',
  'platform.change',
] as const;

export type OperationName = (typeof OPERATION_NAMES)[number];

/** Whether a text, from a setting or a store, names an operation. */
export function isOperationName(text: string): text is OperationName {
  return (OPERATION_NAMES as readonly string[]).includes(text);
}
