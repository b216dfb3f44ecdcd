import { z } from 'zod';
// Makes the OpenAPI members of `.meta()` known to the compiler.
import {} from 'zod-openapi';

export const healthReply = z
  .object({
    status: z.enum(['ok', 'degraded', 'unavailable', 'stopping']),
    checks: z.record(z.string(), z.enum(['ok', 'degraded', 'failed'])).optional(),
  })
  .meta({ id: 'Health' });
