import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { commandPresent } from '../../support/command.js';

/** Packages of the JDK that are not for everybody: its canonicaliser alone, without a signature around it. */
const EXPORTS = ['security', 'security.c14n'].flatMap((name) => [
  '--add-exports',
  `java.xml.crypto/com.sun.org.apache.xml.internal.${name}=ALL-UNNAMED`,
]);

/** What the JDK said to one request: a value, or that it does not do it. */
export type JdkAnswer =
  { readonly ok: true; readonly value: string } | { readonly ok: false; readonly message: string };

/** Whether the JDK is installed; under `CI=true` its absence is an error. */
export function jdkPresent(): boolean {
  return commandPresent('java');
}

/**
 * Puts requests to the JDK's XMLDSig, all in one process.
 *
 * @param requests the fields of each, as XmlDsigOracle.java describes them
 */
export function askJdk(requests: readonly (readonly string[])[]): readonly JdkAnswer[] {
  const { status, stdout, stderr } = spawnSync(
    'java',
    ['-Xss4m', ...EXPORTS, join(import.meta.dirname, 'XmlDsigOracle.java')],
    {
      input: requests.map((fields) => `${fields.join('\t')}\n`).join(''),
      encoding: 'utf8',
      maxBuffer: 512 * 1024 * 1024,
    },
  );
  const lines = stdout.split('\n').slice(0, -1);
  if (status !== 0 || lines.length !== requests.length) throw new Error(`the JDK failed: ${stderr}`);
  return lines.map((line) => {
    const [kind, value = ''] = line.split('\t');
    return kind === 'ok' ? { ok: true, value } : { ok: false, message: value };
  });
}

export const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
export const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');
