/** Holds what was sent against the schema of its operation, and tells what is wrong without repeating it. */
import { type z } from 'zod';
import { type Operation } from './operation.js';
import { type FieldProblem, Problem } from './problem.js';
import { unwritablePath } from './text.js';

/** @throws Problem `RESOURCE_UNKNOWN` */
export function addressed(schema: Operation['params'], named: unknown): unknown {
  const parsed = schema?.safeParse(named);
  if (parsed?.success === false || unwritablePath(named) !== null) throw new Problem('RESOURCE_UNKNOWN');
  return parsed?.data ?? {};
}

/** @param unusual whether the input may hold characters no text has; they are looked for in what the schema took, which is bounded */
export function validated(schema: z.ZodType, input: unknown, unusual: boolean): unknown {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues.slice(0, ERRORS_MAX).map(complaint));
  const unwritable = unusual ? unwritablePath(parsed.data) : null;
  if (unwritable !== null) throw invalid([{ path: unwritable, ...UNWRITABLE }]);
  return parsed.data;
}

const UNWRITABLE = { problem: 'holds characters no text has', fault: { kind: 'characters' } } as const;
const ERRORS_MAX = 20;
/** A name that may be told back: nothing but the form our own fields have. */
const PLAIN_NAME = /^[A-Za-z_]\w{0,39}$/;

/** zod's messages name types and limits and do not repeat the input, but for the names of superfluous fields. */
function complaint(issue: z.core.$ZodIssue): FieldProblem {
  const path = issue.path.map((part) =>
    PLAIN_NAME.test(String(part)) || typeof part === 'number' ? part : '…',
  );
  if (issue.code === 'unrecognized_keys') return { path: path.join('.'), ...superfluous(issue.keys) };
  const missing = issue.message.endsWith('received undefined');
  const kind = missing ? 'missing' : issue.code === 'invalid_type' ? 'type' : 'value';
  return { path: path.join('.'), problem: missing ? 'is required' : issue.message, fault: { kind } };
}

function superfluous(keys: readonly string[]): Pick<FieldProblem, 'problem' | 'fault'> {
  const names = keys.filter((name) => PLAIN_NAME.test(name)).slice(0, 5);
  const problem = 'has fields that are not known';
  return {
    problem: names.length === 0 ? problem : `${problem}: ${names.join(', ')}`,
    fault: { kind: 'unknown', names },
  };
}

function invalid(complaints: readonly FieldProblem[]): Problem {
  const errors = complaints.map(({ path, problem, ...said }) => ({
    ...said,
    path: path.slice(0, 100),
    problem: problem.slice(0, 200),
  }));
  return new Problem('REQUEST_INVALID', { extensions: { errors } });
}
