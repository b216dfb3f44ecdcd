import { type SituationTexts } from './text.js';

export const en: SituationTexts = {
  'signature-unreadable': {
    title: 'The signature cannot be read.',
    detail: 'Send a CMS signature exactly as NCALayer returned it. If this was the sign-in page, try again.',
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
  'account-none': {
    title: 'There is no account for this person and organisation.',
    detail: 'Ask the manager of your organisation to admit you, or choose the key of another organisation.',
  },
  'account-blocked': {
    title: 'The account is blocked.',
    detail: 'Ask the manager of your organisation or its security team.',
  },
  'account-suspended': {
    title: 'Your organisation’s access is suspended.',
    detail: 'The manager of your organisation can find out why.',
  },
  'account-invited': {
    title: 'You are invited, and have not accepted yet.',
    detail: 'Open the invitation link your manager sent you; ask for a new one if it is lost.',
  },
  'account-requested': {
    title: 'Your request waits for the manager’s decision.',
    detail: 'Try again after the manager of your organisation has approved it.',
  },
  'account-certificate-pending': {
    title: 'This certificate is new here and waits for approval.',
    detail:
      'Ask the manager of your organisation to approve it, or sign in with the certificate you used before.',
  },
  'account-certificate-revoked': {
    title: 'Your organisation does not accept this certificate any more.',
    detail: 'Sign in with another certificate, or ask the manager of your organisation.',
  },
  'account-choice': {
    title: 'You belong to several organisations.',
    detail: 'Choose one of them and sign in again.',
  },
  'account-personal-key': {
    title: 'Your organisation does not accept personal keys.',
    detail: 'Sign in with the key issued to you as its employee (with the BIN of the organisation).',
  },
  'account-password-not-allowed': {
    title: 'Your organisation does not accept passwords.',
    detail: 'Sign in with your EDS.',
  },
  'password-wrong': {
    title: 'IIN or password is wrong.',
    detail: 'Check both. After several wrong attempts only the EDS works.',
  },
  'password-blocked': {
    title: 'Sign-in with a password is blocked after wrong attempts.',
    detail: 'Sign in with your EDS: that lifts the block.',
  },
  'password-current-wrong': {
    title: 'The current password is wrong.',
    detail:
      'Try again. After five wrong attempts in a row passwords are blocked until you sign in with your EDS.',
  },
  'password-rules-broken': {
    title: 'The new password does not meet the rules.',
    detail: '`broken` names the rules; GET /v1/password-rules has them. Choose another password.',
  },
  'registration-closed': {
    title: 'Registration is closed.',
    detail:
      'Nobody registers here by themselves in this way. Ask the manager of your organisation for an invitation.',
  },
  'registration-head-required': {
    title: 'This organisation is not registered yet.',
    detail: 'Its first head registers it with their own key. After that you can ask to be admitted.',
  },
  'registration-kind-required': {
    title: 'This is the key of an individual.',
    detail:
      'If you register a practice of your own, say so and sign again. For an organisation choose its key.',
  },
  'registration-kind-mismatch': {
    title: 'This is the key of an organisation.',
    detail: 'For a practice of your own choose the key of an individual, or register as an organisation.',
  },
  'registration-already-member': {
    title: 'You are registered already.',
    detail: 'Simply sign in with this key.',
  },
  'registration-other-organisation': {
    title: 'This is the key of another organisation.',
    detail: 'Choose the key of the organisation that invites you and sign again. The invitation stays open.',
  },
  'registration-name-unusable': {
    title: 'The certificate does not name the organisation.',
    detail: 'Obtain a certificate that does, and try again.',
  },
  'invitation-unknown': {
    title: 'There is no such invitation.',
    detail: 'Check that the whole link was copied, or ask for a new invitation.',
  },
  'invitation-used': {
    title: 'The invitation has been used.',
    detail: 'If it was you, simply sign in. If it was not, tell the manager.',
  },
  'invitation-revoked': {
    title: 'The invitation was withdrawn.',
    detail: 'Ask the manager of the organisation for a new one.',
  },
  'invitation-expired': {
    title: 'The invitation has expired.',
    detail: 'Ask the manager of the organisation for a new one.',
  },
  'invitation-other-person': {
    title: 'The invitation is for somebody else.',
    detail: 'Check that you chose your own key, or typed your IIN right.',
  },
  'invitation-needs-eds': {
    title: 'This invitation needs an EDS.',
    detail: 'Accept the invitation by signing with your key.',
  },
  'terms-other-person': {
    title: 'Somebody else’s key signed this.',
    detail: 'Accept the terms with a key of your own.',
  },
  'terms-outdated': {
    title: 'A new version of the terms came into force meanwhile.',
    detail: 'Read the new version and sign that.',
  },
  'contact-malformed': {
    title: 'The e-mail address or telephone number is not right.',
    detail: 'An address looks like name@example.kz, a number like +77011234567.',
  },
  'session-none': {
    title: 'You are not signed in.',
    detail: 'Sign in; a session ends after a time without use.',
  },
  'obligations-pending': {
    title: 'Something must be done before you go on.',
    detail: 'Accept the current terms or change your password as the sign-in page asks, then try again.',
  },
  'permission-denied': {
    title: 'You may not do this.',
    detail: 'Your role in the organisation does not allow it. Ask your manager for the permission.',
  },
  'eds-session-required': {
    title: 'This needs a sign-in with an EDS.',
    detail: 'Sign out and sign in again with your EDS key; a password is not enough here.',
  },
  'step-up-required': {
    title: 'This must be confirmed with your EDS.',
    detail: 'Sign this operation with your key, then repeat it.',
  },
  'step-up-other-person': {
    title: 'The signature is not yours.',
    detail: 'Sign with your own key of the organisation you are signed in for.',
  },
  'resource-unknown': {
    title: 'There is no such record.',
    detail: 'Check the identifier; the record may have been removed or belong elsewhere.',
  },
  'membership-exists': {
    title: 'This person is already with the organisation.',
    detail: 'Look them up among the members: they may be suspended, or waiting for your decision.',
  },
  'membership-status': {
    title: 'This cannot be done to the membership as it is now.',
    detail: 'Reload the list: somebody may have changed it meanwhile.',
  },
  'last-manager': {
    title: 'The organisation would be left without a manager.',
    detail: 'Make somebody else a manager first.',
  },
  'authority-exceeded': {
    title: 'You cannot give or take rights you do not have.',
    detail: 'Ask a manager of your organisation to do it.',
  },
  'role-exists': {
    title: 'There is already a role of this name.',
    detail: 'Reload the list of roles and change that one, or choose another name.',
  },
  'role-built-in': {
    title: 'This role is built in.',
    detail: 'It can be neither changed nor deleted; define a role of your own.',
  },
  'role-in-use': {
    title: 'Members still have this role.',
    detail: 'Take it from them first, then delete it.',
  },
  'role-limit': {
    title: 'That is more roles or permissions than are allowed.',
    detail: 'Remove some that are not needed any more.',
  },
  'certificate-binding-status': {
    title: 'The certificate is in this state already.',
    detail: 'Reload the list: somebody may have decided about it meanwhile.',
  },
  'rate-limited': {
    title: 'There were too many requests from your address.',
    detail: 'Wait a little and try again.',
  },
  'client-unauthorised': {
    title: 'The client is not authorised.',
    detail: 'Send the credentials of an API client in the Authorization header.',
  },
  'request-malformed': {
    title: 'The request body is not JSON in UTF-8.',
    detail: 'Correct the body and send it again.',
  },
  'request-invalid': {
    title: 'The request does not have the expected fields.',
    detail: 'See `errors` for the fields, and /openapi.json for the contract.',
  },
  'request-too-large': {
    title: 'The request is too large.',
    detail: 'Send less, or send a detached signature of a large document.',
  },
  'request-media-type': {
    title: 'The request has a media type that is not accepted here.',
    detail: 'Send application/json in UTF-8, without compression.',
  },
  'request-origin': {
    title: 'The request came from a page of another site.',
    detail: 'Open the sign-in page at its own address.',
  },
  'request-not-found': {
    title: 'There is nothing at this address.',
    detail: 'Check the address; /openapi.json lists what exists.',
  },
  'request-method': {
    title: 'This address does not know this method.',
    detail: 'The Allow header lists the methods it knows.',
  },
  'service-unavailable': {
    title: 'The service is not available at the moment.',
    detail: 'Nothing was changed. Try again in a few minutes.',
  },
  'verifier-busy': {
    title: 'Too many signatures are being checked at the moment.',
    detail: 'Nothing was used up. Try again in a few seconds.',
  },
  internal: {
    title: 'Something went wrong on our side.',
    detail: 'Try again. If it repeats, tell support the request number.',
  },
};
