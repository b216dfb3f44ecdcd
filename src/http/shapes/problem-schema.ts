import { z } from 'zod';
// Makes the OpenAPI members of `.meta()` known to the compiler.
import {} from 'zod-openapi';

export const problem = z
  .object({
    type: z.string(),
    title: z.string().meta({ description: 'What happened, in the reader’s language (kk, ru, en)' }),
    status: z.int(),
    detail: z.string().meta({ description: 'What to do next' }),
    code: z.string().meta({ description: 'Stable; docs/errors.md lists all' }),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), problem: z.string() })).optional(),
    choices: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
    broken: z.array(z.string()).optional(),
    obligations: z.array(z.string()).optional(),
    operation: z.string().optional(),
    sign: z.object({ method: z.string(), path: z.string() }).loose().optional().meta({
      description: 'With STEP_UP_REQUIRED: the request to ask a challenge for, and what it does in words',
    }),
  })
  .meta({ id: 'Problem' });
