/** The only place that makes records of the audit log: what an act was, with the facts its event type is told with. */
import { type Act } from './act.js';
import { type AUDIT_EVENTS, type AuditEvent, type AuditEventType, type FactsOf } from './event.js';
import { type AuditLog } from './log.js';

type Kinds<Type extends AuditEventType> = (typeof AUDIT_EVENTS)[Type]['about'][number];

/** What an event of this type is about. */
export interface SubjectOf<Type extends AuditEventType> {
  readonly kind: Kinds<Type>;
  readonly id: string;
}

type Subject<Type extends AuditEventType> = (typeof AUDIT_EVENTS)[Type] extends { readonly orNone: true }
  ? { readonly subject: SubjectOf<Type> | null }
  : [Kinds<Type>] extends [never]
    ? { readonly subject?: null }
    : { readonly subject: SubjectOf<Type> };

type Details<Type extends AuditEventType> = [keyof FactsOf<Type>] extends [never]
  ? { readonly details?: Readonly<Record<string, never>> }
  : object extends FactsOf<Type>
    ? { readonly details?: FactsOf<Type> }
    : { readonly details: FactsOf<Type> };

/** What is told of an act, beside who, when and from where. */
export type Told<Type extends AuditEventType> = Type extends AuditEventType
  ? Subject<Type> &
      Details<Type> & {
        /** Whose log it belongs to, where that is not the organisation of the act; `null`: none. */
        readonly organisationId?: string | null;
        /** A stable code. */
        readonly reason?: string | null;
      }
  : never;

/** As an argument, which may be left out where there is nothing to tell. */
export type ToldOf<Type extends AuditEventType> =
  object extends Told<Type> ? [told?: Told<Type>] : [told: Told<Type>];

/**
 * Writes down what was done. In a unit of work it is kept with what it tells of, or not at all.
 *
 * @throws StoreFailure
 */
export function record<Type extends AuditEventType>(
  audit: Pick<AuditLog, 'append'>,
  { who: actor, at, requestId, address, device, organisationId }: Act,
  type: Type,
  ...[told]: ToldOf<Type>
): Promise<void> {
  const event: AuditEvent = { type, at, actor, organisationId, requestId, address, device, ...told };
  return audit.append(event);
}
