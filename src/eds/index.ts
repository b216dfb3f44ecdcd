/**
 * Verdicts on electronic signatures of Kazakhstan (НУЦ РК). Evidence, trust, policy and time are separate arguments; nothing
 * here opens a file or a socket or asks a clock.
 */
export { verifyCms, type CmsEvidence } from './cms/verify.js';
export { type Evidence, verifyEvidence } from './evidence/evidence.js';
export { verifyXml } from './xml/verify.js';
export { decodePem, type PemBlock } from './asn1/pem.js';
export { readSignatureInput } from './asn1/signature-input.js';
export { type Certificate, parseCertificate } from './certificate/certificate.js';
export { createPathMemo, type PathMemo } from './path/memo.js';
export { type Identity, type IdentityResult, readIdentity } from './identity.js';
export { EdsError, type FormatCode, isFormatCode, type ReasonCode, type VerdictCode } from './error.js';
export { type DocumentPolicy, type LoginPolicy, type VerificationPolicy } from './judgement/policy.js';
export { type RevocationFinding, type RevocationSource } from './judgement/revocation.js';
export { createTrustSet, type TrustedCertificate, type TrustPurpose, type TrustSet } from './trust-set.js';
export { type SignatureReport, type VerificationReport } from './judgement/verdict.js';
