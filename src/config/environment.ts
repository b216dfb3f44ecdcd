/** The settings as the environment has them: texts and the files that `QAQPA_*_FILE` name, read by their schemas. */
import { readFileSync } from 'node:fs';
import { type z } from 'zod';
import { type ConfigMistake } from './mistake.js';
import { nearestName } from './nearest-name.js';
import { SETTINGS } from './settings.js';
import { type Setting } from './value.js';

export type Environment = Readonly<Record<string, string | undefined>>;

type Name = keyof typeof SETTINGS;
/** A setting that is absent and has nothing to stand in for it is `null`. */
export type Values = {
  readonly [Key in Name]:
    | z.output<(typeof SETTINGS)[Key]['schema']>
    | ((typeof SETTINGS)[Key] extends { fallback: string } ? never : null);
};

const NAMES = Object.keys(SETTINGS) as Name[];

function settingOf(name: Name): Setting<unknown> {
  return SETTINGS[name];
}

function unknownVariables(env: Environment): ConfigMistake[] {
  const known = new Set<string>(
    NAMES.flatMap((name) => (settingOf(name).secret ? [name, `${name}_FILE`] : [name])),
  );
  return Object.keys(env)
    .filter((variable) => variable.startsWith('QAQPA_') && !known.has(variable))
    .map((variable) => {
      const nearest = nearestName(variable, known, 3);
      return {
        variable,
        problem: 'is not a setting of this version',
        remedy:
          nearest !== null
            ? `Did you mean ${nearest}? Rename or remove it`
            : 'Remove it, or see `qaqpa config check --help` for the list',
      };
    });
}

function textOf(name: Name, env: Environment, mistakes: ConfigMistake[]): string | undefined {
  const direct = env[name];
  const file = settingOf(name).secret ? env[`${name}_FILE`] : undefined;
  if (file === undefined || file === '') return direct === '' ? undefined : direct;
  if (direct !== undefined && direct !== '') {
    mistakes.push({
      variable: name,
      problem: `is set together with ${name}_FILE`,
      remedy: 'Keep one of the two',
    });
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    mistakes.push({
      variable: `${name}_FILE`,
      problem: `names a file that cannot be read (${reason})`,
      remedy: 'Give the path of a readable file',
    });
    return undefined;
  }
}

/** Reads every setting. What is wrong with one is among `mistakes`, and the setting is then not among `values`. */
export function readSettings(env: Environment): {
  readonly values: Partial<Values>;
  readonly mistakes: readonly ConfigMistake[];
} {
  const mistakes = unknownVariables(env);
  const values: Record<string, unknown> = {};
  for (const name of NAMES) {
    const { schema, fallback, expects } = settingOf(name);
    const before = mistakes.length;
    const text = textOf(name, env, mistakes) ?? fallback;
    if (mistakes.length > before) continue;
    if (text === undefined) {
      values[name] = null;
      continue;
    }
    const parsed = schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else
      mistakes.push({
        variable: name,
        problem: parsed.error.issues[0]?.message ?? 'is wrong',
        remedy: `Set it to ${expects}`,
      });
  }
  return { values, mistakes };
}

/** One setting as `qaqpa config check` lists it: secrets are only said to be set. */
export interface SettingDescription {
  readonly variable: string;
  readonly value: string;
  readonly from: 'environment' | 'file' | 'default';
}

/** Every setting with its text and where that comes from, right or wrong. */
export function describeSettings(env: Environment): readonly SettingDescription[] {
  return NAMES.map((variable) => {
    const { secret, fallback } = settingOf(variable);
    const given = env[variable] ?? '';
    if (given !== '') return { variable, value: secret ? '(secret)' : given, from: 'environment' };
    const file = secret ? (env[`${variable}_FILE`] ?? '') : '';
    if (file !== '') return { variable, value: '(secret)', from: 'file' };
    return { variable, value: fallback === undefined || fallback === '' ? '-' : fallback, from: 'default' };
  });
}
