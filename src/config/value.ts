/** How the text of a setting becomes a value. Every parser answers with a typed value or says what is wrong, never echoing the text. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { hasUnescapedPassword, UNESCAPED } from './store-address.js';

/** How often one client address may do something: `points` times in `perMs`. */
export interface RateLimit {
  readonly points: number;
  readonly perMs: number;
}

/** One issuer's revocation lists: the full list and, where published, the changes since. */
export interface CrlPoint {
  readonly url: string;
  readonly deltaUrl: string | null;
}

export interface Setting<Value> {
  readonly schema: z.ZodType<Value, string>;
  /** The text that stands in for an absent variable; `undefined`: the value is `null`. */
  readonly fallback?: string;
  readonly secret?: true;
  /** What to write there, as the end of "Set it to …". */
  readonly expects: string;
}

const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function fail(ctx: z.RefinementCtx, message: string): never {
  ctx.addIssue({ code: 'custom', message });
  return z.NEVER;
}

function milliseconds(text: string): number | null {
  const [, amount, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  return amount === undefined ? null : Number(amount) * (DURATION_UNITS[unit ?? ''] ?? NaN);
}

export function duration(min: string, max: string): Pick<Setting<number>, 'schema' | 'expects'> {
  const [low, high] = [milliseconds(min) ?? NaN, milliseconds(max) ?? NaN];
  const schema = z.string().transform((text, ctx) => {
    const ms = milliseconds(text);
    if (ms === null) return fail(ctx, 'is not a duration');
    return ms >= low && ms <= high ? ms : fail(ctx, 'is out of range');
  });
  return { schema, expects: `a duration from ${min} to ${max}, such as 30s, 5m or 12h` };
}

export function integer(min: number, max: number): Pick<Setting<number>, 'schema' | 'expects'> {
  const schema = z
    .string()
    .regex(/^\d{1,12}$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.number().min(min, 'is out of range').max(max, 'is out of range'));
  return { schema, expects: `a whole number from ${min} to ${max}` };
}

export function oneOf<const Value extends string>(
  ...values: Value[]
): Pick<Setting<Value>, 'schema' | 'expects'> {
  const schema = z
    .string()
    .transform((text, ctx) => values.find((value) => value === text) ?? fail(ctx, 'is not one of them'));
  return { schema, expects: `one of ${values.join(', ')}` };
}

/** Yes or no. */
export const onOff: Pick<Setting<boolean>, 'schema' | 'expects'> = {
  schema: z.string().transform((text, ctx) => {
    if (text !== 'on' && text !== 'off') return fail(ctx, 'is neither on nor off');
    return text === 'on';
  }),
  expects: 'on or off',
};

/** Below this product of KiB and passes argon2id is weaker than the weakest choice of the OWASP Password Storage Cheat Sheet. */
const ARGON2_LEAST_WORK = 35_840;

/** Cost of argon2id in the notation of its hashes. */
export const argon2: Pick<
  Setting<{ readonly memoryKiB: number; readonly passes: number; readonly lanes: number }>,
  'schema' | 'expects'
> = {
  schema: z.string().transform((text, ctx) => {
    const [, memory, passes, lanes] = /^m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})$/.exec(text) ?? [];
    const cost = { memoryKiB: Number(memory), passes: Number(passes), lanes: Number(lanes) };
    if (memory === undefined) return fail(ctx, 'is not a cost');
    if (cost.lanes < 1 || cost.passes < 1 || cost.memoryKiB > 4_194_304) return fail(ctx, 'is out of range');
    return cost.memoryKiB >= 7168 * cost.lanes && cost.memoryKiB * cost.passes >= ARGON2_LEAST_WORK
      ? cost
      : fail(ctx, 'is too cheap to keep passwords');
  }),
  expects: 'memory in KiB, passes and lanes of argon2id, such as m=19456,t=2,p=1, or dearer',
};

export const rate: Pick<Setting<RateLimit>, 'schema' | 'expects'> = {
  schema: z.string().transform((text, ctx) => {
    const [, points, per] = /^(\d{1,7})\/(\d+(?:s|m|h))$/.exec(text) ?? [];
    const perMs = milliseconds(per ?? '');
    if (points === undefined || perMs === null || perMs === 0 || points === '0')
      return fail(ctx, 'is not a rate');
    return { points: Number(points), perMs };
  }),
  expects: 'a count and a period, such as 60/1m',
};

export function url(protocols: readonly string[], bare: boolean): z.ZodType<string, string> {
  return z.string().transform((text, ctx) => {
    if (!URL.canParse(text)) return fail(ctx, 'is not an address');
    const parsed = new URL(text);
    if (!protocols.includes(parsed.protocol))
      return fail(ctx, `does not start with ${protocols.map((p) => `${p}//`).join(' or ')}`);
    if (parsed.username !== '' || parsed.password !== '') return fail(ctx, 'carries a user name or password');
    if (!bare) return text;
    return parsed.href === `${parsed.origin}/` || parsed.origin === 'null'
      ? parsed.origin
      : fail(ctx, 'has more than scheme, host and port');
  });
}

export function list<Item>(item: z.ZodType<Item, string>): z.ZodType<Item[], string> {
  return z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
    .pipe(z.array(item));
}

export const httpUrl = url(['http:', 'https:'], false);
export const path = z
  .string()
  .min(1, 'is empty')
  .transform((text) => resolve(text));

export const crlPoint = z.string().transform((text, ctx): CrlPoint => {
  const parts = text.split('|').map((part) => httpUrl.safeParse(part));
  const [full, delta] = parts;
  if (parts.length > 2 || full?.success !== true || delta?.success === false)
    return fail(ctx, 'holds something that is not an address');
  return { url: full.data, deltaUrl: delta?.data ?? null };
});

export const proxy = z.string().transform((text, ctx) => {
  if (text === 'loopback') return text;
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  const bits = prefix === undefined ? 0 : /^\d{1,3}$/.test(prefix) ? Number(prefix) : 999;
  // /0 would believe the whole world, which is what leaving the variable out protects from.
  const tooWide = prefix !== undefined && bits === 0;
  if (version === 0 || rest.length > 0 || tooWide || bits > (version === 4 ? 32 : 128))
    return fail(ctx, 'holds something that is not an address or network');
  return text;
});

export const masterKey = z.string().transform((text, ctx): KeyObject => {
  const trimmed = text.trim();
  const octets = /^[0-9a-fA-F]{64}$/.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[A-Za-z0-9+/]{43}=?$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : null;
  return octets === null ? fail(ctx, 'is not 32 octets in base64 or hex') : createSecretKey(octets);
});

/** The kind of store and where it is; the rest of the address is judged by whoever opens it (`parseDatabaseUrl`). */
export const databaseUrl = z.string().transform((text, ctx) => {
  const value = text.trim();
  if (/^postgres(ql)?:\/\//.test(value)) return hasUnescapedPassword(value) ? fail(ctx, UNESCAPED) : value;
  const [, file] = /^sqlite:(?:\/\/)?(.+)$/.exec(value) ?? [];
  if (file === undefined) return fail(ctx, 'is neither sqlite: and a path nor a postgres:// address');
  return file.startsWith(':memory:') || isAbsolute(file) ? value : `sqlite:${resolve(file)}`;
});

export const redisUrl = z.string().transform((text, ctx) => {
  const value = text.trim();
  if (hasUnescapedPassword(value)) return fail(ctx, UNESCAPED);
  const good = URL.canParse(value) && ['redis:', 'rediss:', 'unix:'].includes(new URL(value).protocol);
  return good || isAbsolute(value) ? value : fail(ctx, 'is not a Redis address');
});
