import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodePem } from '../../src/eds/asn1/pem.js';
import { type Certificate, parseCertificate } from '../../src/eds/certificate/certificate.js';

/**
 * A certification authority run by the `openssl` command: an oracle that shares no code with the verifier. Every certificate
 * is valid 2026-01-01..2046-01-01.
 */
export interface OpensslAuthority {
  readonly certificate: Certificate;
  /** Issues a certificate with one of the profiles of the configuration below, over a new key or that of another certificate. */
  issue(name: string, profile: Profile, options?: { readonly keyOf?: IssuedCertificate }): IssuedCertificate;
  revoke(issued: IssuedCertificate, reason: string): void;
  /** `openssl ca -gencrl`, as DER; times are `YYYYMMDDHHMMSSZ`. */
  crl(options: {
    lastUpdate: string;
    nextUpdate: string;
    extensions?: string;
    arguments?: readonly string[];
  }): Uint8Array;
  /** Lets `openssl ocsp` answer a request in DER, now, as a responder with this certificate; returns DER. */
  respond(request: Uint8Array, signer: IssuedCertificate | 'issuer', options?: readonly string[]): Uint8Array;
  /** What `openssl ocsp -req_text` reads in a request. */
  readRequest(request: Uint8Array): string;
  readonly privateKeyPem: string;
  close(): void;
}

export interface IssuedCertificate {
  readonly certificate: Certificate;
  readonly privateKeyPem: string;
  readonly file: string;
  readonly keyFile: string;
}

type Profile =
  | 'person'
  | 'authority'
  | 'responder'
  | 'responder_without_usage'
  | 'responder_without_eku'
  | 'responder_without_nocheck'
  | 'responder_wrong_usage'
  | 'responder_strange';

const configuration = (folder: string): string => `
[ca]
default_ca = authority
[authority]
dir = ${folder}
database = ${folder}/index.txt
new_certs_dir = ${folder}
rand_serial = yes
certificate = ${folder}/ca.crt
private_key = ${folder}/ca.key
crlnumber = ${folder}/crlnumber
default_md = sha256
default_crl_days = 1
policy = anything
unique_subject = no
[anything]
commonName = supplied
[req]
distinguished_name = name
[name]
[authority_extensions]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[person]
keyUsage = critical, digitalSignature, nonRepudiation
[responder]
keyUsage = digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
[responder_without_usage]
extendedKeyUsage = OCSPSigning
noCheck = ignored
[responder_without_eku]
keyUsage = digitalSignature
noCheck = ignored
[responder_without_nocheck]
keyUsage = digitalSignature
extendedKeyUsage = OCSPSigning
[responder_wrong_usage]
keyUsage = keyEncipherment
extendedKeyUsage = OCSPSigning
noCheck = ignored
[responder_strange]
keyUsage = digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
1.2.3.4.5 = critical, ASN1:NULL
[crl_plain]
authorityKeyIdentifier = keyid
[crl_delta]
2.5.29.27 = critical, ASN1:INTEGER:1
[crl_strange]
1.2.3.4.5 = critical, ASN1:NULL
[crl_harmless]
1.2.3.4.5 = ASN1:NULL
[crl_users]
issuingDistributionPoint = critical, @users
[users]
onlyuser = TRUE
[crl_authorities]
issuingDistributionPoint = critical, @authorities
[authorities]
onlyCA = TRUE
[crl_attributes]
issuingDistributionPoint = critical, @attributes
[attributes]
onlyAA = TRUE
[crl_indirect]
issuingDistributionPoint = critical, @indirect
[indirect]
indirectCRL = TRUE
[crl_reasons]
issuingDistributionPoint = critical, @reasons
[reasons]
onlysomereasons = keyCompromise
[crl_elsewhere]
issuingDistributionPoint = critical, @elsewhere
[elsewhere]
fullname = URI:http://elsewhere.test/shard.crl
`;

let made = 0;

export function startOpensslAuthority(commonName: string): OpensslAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-openssl-'));
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): string =>
    execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const config = file('openssl.cnf');
  writeFileSync(config, configuration(folder));
  writeFileSync(file('index.txt'), '');
  writeFileSync(file('crlnumber'), '01\n');

  const read = (name: string): Certificate => {
    const [block] = decodePem(readFileSync(file(name), 'utf8'));
    return parseCertificate(block!.der);
  };
  const makeKey = (name: string): void => {
    openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', file(name));
  };
  const window = ['-startdate', '20260101000000Z', '-enddate', '20460101000000Z'];
  const ca = (...args: string[]): string => openssl('ca', '-config', config, '-batch', '-notext', ...args);

  makeKey('ca.key');
  openssl(
    'req',
    '-new',
    '-config',
    config,
    '-key',
    file('ca.key'),
    '-subj',
    `/CN=${commonName}`,
    '-out',
    file('ca.csr'),
  );
  ca(
    '-selfsign',
    '-in',
    file('ca.csr'),
    '-out',
    file('ca.crt'),
    '-extensions',
    'authority_extensions',
    ...window,
  );

  return {
    certificate: read('ca.crt'),
    privateKeyPem: readFileSync(file('ca.key'), 'utf8'),
    issue(name, profile, { keyOf } = {}) {
      made += 1;
      const base = `${profile}-${made}`;
      const keyFile = keyOf?.keyFile ?? file(`${base}.key`);
      if (keyOf === undefined) makeKey(`${base}.key`);
      openssl(
        'req',
        '-new',
        '-config',
        config,
        '-key',
        keyFile,
        '-subj',
        `/CN=${name}`,
        '-out',
        file(`${base}.csr`),
      );
      const extensions = profile === 'authority' ? 'authority_extensions' : profile;
      ca('-in', file(`${base}.csr`), '-out', file(`${base}.crt`), '-extensions', extensions, ...window);
      return {
        certificate: read(`${base}.crt`),
        privateKeyPem: readFileSync(keyFile, 'utf8'),
        file: file(`${base}.crt`),
        keyFile,
      };
    },
    revoke(issued, reason) {
      openssl('ca', '-config', config, '-revoke', issued.file, '-crl_reason', reason);
    },
    crl({ lastUpdate, nextUpdate, extensions = 'crl_plain', arguments: more = [] }) {
      openssl(
        'ca', '-config', config, '-gencrl', '-crlexts', extensions,
        '-crl_lastupdate', lastUpdate, '-crl_nextupdate', nextUpdate, '-out', file('list.pem'), ...more,
      ); // prettier-ignore
      openssl('crl', '-in', file('list.pem'), '-outform', 'DER', '-out', file('list.crl'));
      return new Uint8Array(readFileSync(file('list.crl')));
    },
    respond(request, signer, options = []) {
      writeFileSync(file('request.der'), request);
      const [certificate, key] =
        signer === 'issuer' ? [file('ca.crt'), file('ca.key')] : [signer.file, signer.keyFile];
      openssl(
        'ocsp', '-index', file('index.txt'), '-CA', file('ca.crt'), '-rsigner', certificate, '-rkey', key,
        '-reqin', file('request.der'), '-respout', file('response.der'), '-rmd', 'sha256', ...options,
      ); // prettier-ignore
      return new Uint8Array(readFileSync(file('response.der')));
    },
    readRequest(request) {
      writeFileSync(file('request.der'), request);
      return openssl('ocsp', '-reqin', file('request.der'), '-req_text');
    },
    close() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
