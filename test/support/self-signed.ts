import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a server proves itself with, as PEM and as files. */
export interface ServerIdentity {
  readonly certificate: string;
  readonly certificateFile: string;
  readonly privateKey: string;
  readonly privateKeyFile: string;
}

/** A certificate that vouches for itself, made by `openssl` in `folder`; `subjectAltName` as `IP:127.0.0.1` or `DNS:name`. */
export function selfSigned(folder: string, name: string, subjectAltName: string): ServerIdentity {
  const [certificateFile, privateKeyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=${subjectAltName}`],
      ...['-keyout', privateKeyFile, '-out', certificateFile],
    ],
    { stdio: 'ignore' },
  );
  const [certificate, privateKey] = [
    readFileSync(certificateFile, 'utf8'),
    readFileSync(privateKeyFile, 'utf8'),
  ];
  return { certificate, certificateFile, privateKey, privateKeyFile };
}
