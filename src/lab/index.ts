/**
 * The test laboratory: a certification authority shaped like НУЦ РК's with throw-away keys, the people it certified, their signatures, and the
 * services around them, each of which can be told to fail. For tests and demonstrations; the gateway never imports it, and it imports nothing of
 * the gateway, so that the two check each other.
 */
export {
  createLaboratory,
  type IssueAuthorityRequest,
  type IssueRequest,
  type Laboratory,
  type LaboratoryOptions,
  type RegisterEntry,
  type Revocation,
  type RevocationReason,
  type TrustCertificate,
} from './laboratory.js';
export { type CmsOptions, type CmsTimestamp } from './cms.js';
export { type Hierarchy, type HierarchyAlgorithm } from './hierarchy.js';
export { type LabKey } from './lab-key.js';
export { controlDigit, makeBin, makeIin } from './personal-number.js';
export { type KeyAlgorithm, type PrivateKey, type RsaScheme } from './private-key.js';
export { type PersonKind, type Subject } from './profile.js';
export { encodeTimestampToken, type TimestampOptions } from './timestamp-token.js';
export { type CrlContent, type CrlEntry, encodeCrl } from './crl.js';
export { type CrlAddress, type CrlMode, type CrlPart, type CrlPoint, startCrlPoint } from './crl-point.js';
export {
  type RunningServer,
  type ServerOptions,
  TRANSPORT_FAULTS,
  type TransportFault,
} from './faulty-server.js';
export {
  certIdOf,
  encodeOcspRefusal,
  encodeOcspResponse,
  type OcspAnswer,
  type OcspRefusal,
  type OcspStatus,
} from './ocsp-response.js';
export {
  type ForeignAuthority,
  type OcspMode,
  type OcspResponder,
  startOcspResponder,
} from './ocsp-responder.js';
export {
  startTimestampAuthority,
  type TimestampAuthority,
  type TimestampMode,
} from './timestamp-authority.js';
export { encodePkcs12, loadPkcs12, Pkcs12Error } from './pkcs12.js';
export { type NcalayerDouble, type NcalayerOptions, startNcalayerDouble } from './ncalayer/double.js';
export { type NcalayerMode, type ResultShape } from './ncalayer/state.js';
export { type XmlForm } from './xml/canonical.js';
export { signXml, type XmlSignatureOptions } from './xml/xmldsig.js';
export { CERTIFICATE_DIALECTS, type CertificateDialect } from './dialect/certificates.js';
export { CMS_DIALECTS, type CmsDialect, type CmsScene, TIMESTAMP_DIALECTS } from './dialect/cms.js';
export {
  CRL_DIALECTS,
  type CrlDialect,
  type CrlScene,
  OCSP_DIALECTS,
  type OcspDialect,
  type OcspScene,
} from './dialect/revocation.js';
