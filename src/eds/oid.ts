/**
 * Every object identifier the library knows, by the name its standard gives it. Sources: RFC 5280 (certificates and
 * extensions), RFC 5652 and 5035 (CMS, ESS), RFC 3161 (time-stamps), RFC 6960 (OCSP), RFC 8017 (RSA), NIST CSOR (SHA-2);
 * arcs 1.2.398.3 are НУЦ РК's own, from its certificates, SDK documentation and root.gov.kz/oid.
 */

export const KEY = Object.freeze({
  rsa: '1.2.840.113549.1.1.1',
  gost2004: '1.2.398.3.10.1.1.1.1',
  gost2015Of256: '1.2.398.3.10.1.1.2.1',
  gost2015Of512: '1.2.398.3.10.1.1.2.2',
});

/** Parameter sets inside the SubjectPublicKeyInfo of GOST keys: the curve, then the digest the key is used with. */
export const GOST_PARAMETERS = Object.freeze({
  gost2004Curve: '1.2.398.3.10.1.1.1.1.1',
  gost2004Digest: '1.2.398.3.10.1.3.1.1.0',
  gost2015Of256Curve: '1.2.398.3.10.1.1.2.1.1',
  gost2015Of512Curve: '1.2.398.3.10.1.1.2.2.1',
});

export const DIGEST = Object.freeze({
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  gost34311: '1.2.398.3.10.1.3.1',
  streebog256: '1.2.398.3.10.1.3.2',
  streebog512: '1.2.398.3.10.1.3.3',
});

export const SIGNATURE = Object.freeze({
  rsaPss: '1.2.840.113549.1.1.10',
  sha1WithRsa: '1.2.840.113549.1.1.5',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  sha384WithRsa: '1.2.840.113549.1.1.12',
  sha512WithRsa: '1.2.840.113549.1.1.13',
  gost2004: '1.2.398.3.10.1.1.1.2',
  gost2015Of256: '1.2.398.3.10.1.1.2.3.1',
  gost2015Of512: '1.2.398.3.10.1.1.2.3.2',
});

/** Mask generation function of RSASSA-PSS (RFC 8017 §B.2.1). */
export const MGF1 = '1.2.840.113549.1.1.8';

export const NAME = Object.freeze({
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  locality: '2.5.4.7',
  state: '2.5.4.8',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  organizationIdentifier: '2.5.4.97',
  businessCategory: '2.5.4.15',
  givenName: '2.5.4.42',
  userId: '0.9.2342.19200300.100.1.1',
  domainComponent: '0.9.2342.19200300.100.1.25',
  email: '1.2.840.113549.1.9.1',
});

export const EXTENSION = Object.freeze({
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  cRLDistributionPoints: '2.5.29.31',
  cRLNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  holdInstructionCode: '2.5.29.23',
  invalidityDate: '2.5.29.24',
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  expiredCertsOnCRL: '2.5.29.60',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  /** НУЦ РК: where the key is kept (1.2.398.3.3.5.1.1 = a PKCS#12 file). */
  keyStorage: '1.2.398.3.3.5',
});

export const USAGE = Object.freeze({
  any: '2.5.29.37.0',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  /** НУЦ РК's tree of certificate templates: who the holder is. */
  templates: '1.2.398.3.3.4',
  treasuryClient: '1.2.398.5.19.1.2.2.1',
});

export const CONTENT = Object.freeze({
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
});

export const ATTRIBUTE = Object.freeze({
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  countersignature: '1.2.840.113549.1.9.6',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signatureTimestamp: '1.2.840.113549.1.9.16.2.14',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
});

/** Response type and extensions of OCSP (RFC 6960 §4.2.1, §4.4). */
export const OCSP = Object.freeze({
  basicResponse: '1.3.6.1.5.5.7.48.1.1',
  nonce: '1.3.6.1.5.5.7.48.1.2',
  crlReference: '1.3.6.1.5.5.7.48.1.3',
  archiveCutoff: '1.3.6.1.5.5.7.48.1.6',
  extendedRevoke: '1.3.6.1.5.5.7.48.1.9',
});
