import { type RequestSituation, type SituationTexts } from '../text.js';

export const request: SituationTexts<RequestSituation> = {
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
  'membership-unconfirmed': {
    title: 'This person has not come here with their EDS yet.',
    detail:
      'Their password is opened by their own sign-in with the EDS, or by a security officer of the platform.',
  },
  'invitation-limit': {
    title: 'Your organisation has invited as many people as it may in a day.',
    detail: 'Try again tomorrow, or ask those who run this gateway for a higher limit.',
  },
  'bin-claim-status': {
    title: 'This number is asked for, decided or yours already.',
    detail: 'Look at the list of claims.',
  },
  'bin-claim-head-required': {
    title: 'The head of the organisation has to sign this.',
    detail: 'Sign with the key whose certificate names you as its head.',
  },
  'organisation-not-mergeable': {
    title: 'These organisations cannot become one.',
    detail: 'Both must be legal entities, and neither part of another already.',
  },
  'last-manager': {
    title: 'The organisation would be left without a manager.',
    detail: 'Make somebody else a manager first.',
  },
  'last-administrator': {
    title: 'The installation would be left without an administrator.',
    detail: 'Give somebody else this role first.',
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
    title: 'There were too many requests.',
    detail: 'Wait a little and try again. Sign-in with an EDS has limits of its own.',
  },
  'client-unauthorised': {
    title: 'The client is not authorised.',
    detail: 'Send the credentials of an API client in the Authorization header.',
  },
  'client-secret-expired': {
    title: 'The secret of the API client has expired.',
    detail: 'Use the newer secret, or ask the operator of the gateway for one.',
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
  'request-method-unknown': {
    title: 'HTTP has no such method.',
    detail: 'Send GET, POST, PATCH, PUT or DELETE as the contract in /openapi.json says.',
  },
  'request-headers-too-large': {
    title: 'The headers of the request are too large.',
    detail: 'Delete the cookies of this site and send fewer or shorter headers; 16 KB is the limit.',
  },
  'request-timeout': {
    title: 'The request did not arrive in time.',
    detail: 'Look at your connection and send it again.',
  },
  'gateway-full': {
    title: 'Too many connections are open at the moment.',
    detail: 'Nothing was used up. Close connections you do not need and try again in a few seconds.',
  },
  'service-unavailable': {
    title: 'The service is not available at the moment.',
    detail: 'Nothing was changed. Try again in a few minutes.',
  },
  'verifier-busy': {
    title: 'Too many signatures are being checked at the moment.',
    detail: 'Nothing was used up. Try again in a few seconds.',
  },
  'gateway-busy': {
    title: 'Too many people are asking for this at the moment.',
    detail: 'Nothing was changed. Try again in a few seconds.',
  },
  internal: {
    title: 'Something went wrong on our side.',
    detail: 'Try again. If it repeats, tell support the request number.',
  },
};
