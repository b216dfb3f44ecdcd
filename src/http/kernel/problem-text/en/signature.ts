import { type SignatureSituation, type SituationTexts } from '../text.js';

export const signature: SituationTexts<SignatureSituation> = {
  'signature-unreadable': {
    title: 'The signature cannot be read.',
    detail: 'Send a CMS signature exactly as NCALayer returned it. If this was the sign-in page, try again.',
  },
  'signature-other-kind': {
    title: 'What was sent is not a signature.',
    detail:
      'It is a certificate, a list, an answer or a container of keys. Send the signature itself, and never a key.',
  },
  'signature-not-supported': {
    title: 'Signatures of this kind are not judged here.',
    detail:
      'It may be in order, but it cannot be told here. Send a CMS signature or an enveloped XML signature.',
  },
  'signature-too-large': {
    title: 'The signature is larger than the limit.',
    detail:
      'It has not been judged. The limits stand in docs/verdict.md; to sign in, sign again with NCALayer.',
  },
  'signature-none': {
    title: 'There is no signature in what was sent.',
    detail: 'Sign again and choose your key when NCALayer asks for it.',
  },
  'signature-multiple': {
    title: 'There is more than one signature.',
    detail: 'To sign in, exactly one person signs. Start again and sign once.',
  },
  'signature-certificate-missing': {
    title: 'The signature does not carry the signer’s certificate.',
    detail: 'Sign again with NCALayer; another program must be told to include the certificate.',
  },
  'signature-inconsistent': {
    title: 'The parts of the signature contradict each other.',
    detail: 'Sign again. If it repeats, update NCALayer and tell your support what you signed with.',
  },
  'signature-content-missing': {
    title: 'The signed content is missing.',
    detail: 'The signature is detached: send the signed content together with it.',
  },
  'signature-content-mismatch': {
    title: 'Something else was signed than what was asked for.',
    detail: 'Start the sign-in again and sign the text shown by this page only.',
  },
  'signature-algorithm': {
    title: 'The signature was made with an algorithm that is not accepted.',
    detail: 'Use a key with GOST R 34.10-2015 or RSA and SHA-256. An old key can be renewed at pki.gov.kz.',
  },
  'signature-is-a-login': {
    title: 'This is a signature made to sign in, not a document signature.',
    detail: 'A sign-in signature is never accepted under a document. Sign the document itself.',
  },
  'signature-invalid': {
    title: 'The signature is wrong.',
    detail: 'It does not belong to this content and key. Sign again; if it repeats, the key may be damaged.',
  },
  'certificate-untrusted': {
    title: 'The certificate was not issued by an authority trusted here.',
    detail: 'Choose a key issued by НУЦ РК (pki.gov.kz). If it is one, tell your security team its issuer.',
  },
  'certificate-purpose': {
    title: 'Certificates of this authority are not accepted for this purpose.',
    detail: 'Choose another key, or ask your security team which keys are accepted.',
  },
  'certificate-expired': {
    title: 'The certificate has expired.',
    detail:
      'Choose a newer key. If there is none, obtain one at pki.gov.kz, in a ЦОН or through eGov mobile.',
  },
  'certificate-not-yet-valid': {
    title: 'The certificate is not valid yet.',
    detail: 'Check when its validity begins and try again after that.',
  },
  'certificate-usage': {
    title: 'This key is not meant for signing.',
    detail: 'Choose your signing key: since 2023 one key serves sign-in and signing (GOST512 or RSA).',
  },
  'certificate-revoked': {
    title: 'The certificate has been revoked.',
    detail: 'This key can no longer be used. Choose another or obtain a new one at pki.gov.kz.',
  },
  'certificate-on-hold': {
    title: 'The certificate is on hold.',
    detail: 'НУЦ РК has suspended it for now. Try again later or choose another key.',
  },
  'certificate-not-issued': {
    title: 'НУЦ РК says it never issued this certificate.',
    detail: 'Do not use this key. If you got it officially, report it to НУЦ РК and your security team.',
  },
  'certificate-unknown': {
    title: 'НУЦ РК does not know this certificate.',
    detail: 'If it was issued just now, try again in an hour. Otherwise choose another key.',
  },
  'revocation-unavailable': {
    title: 'It cannot be checked now whether the certificate is revoked.',
    detail:
      'The service of НУЦ РК does not answer. Try again in a few minutes; your key is all right as far as we know.',
  },
  'revocation-untrustworthy': {
    title: 'The answer about the certificate cannot be trusted.',
    detail: 'Try again in a few minutes. If it repeats, tell your security team the request number.',
  },
  'timestamp-invalid': {
    title: 'The time-stamp of the signature is not valid.',
    detail: 'Have the document signed again with a time-stamp of НУЦ РК.',
  },
  'timestamp-required': {
    title: 'The signature has no valid time-stamp, and one is required.',
    detail: 'Have the document signed again with a time-stamp of НУЦ РК.',
  },
  'identity-no-iin': {
    title: 'There is no IIN in the certificate.',
    detail: 'Choose a key that was issued to you as a person or as an employee.',
  },
  'identity-malformed': {
    title: 'The IIN or BIN in the certificate is not well-formed.',
    detail: 'Choose another key. If this is your current one, ask НУЦ РК to reissue it.',
  },
  'identity-not-a-person': {
    title: 'This key belongs to an information system, not to a person.',
    detail: 'Choose the key that was issued to you.',
  },
  'challenge-unknown': {
    title: 'This sign-in attempt is not known.',
    detail: 'Start the sign-in again.',
  },
  'challenge-expired': {
    title: 'The time to sign has run out.',
    detail: 'Start the sign-in again and sign within five minutes.',
  },
  'challenge-used': {
    title: 'This sign-in attempt has already been used.',
    detail: 'Each attempt works once. Start the sign-in again.',
  },
  'challenge-other-browser': {
    title: 'This sign-in attempt was started in another browser.',
    detail:
      'Start it again in this browser. If you did not start it at all, someone may be trying to use your signature.',
  },
};
