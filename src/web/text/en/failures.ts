import { type Text } from '../text.js';

export const failures: Text['failures'] = {
  'ncalayer-not-running': {
    title: 'NCALayer does not answer',
    text: 'This page could not reach the NCALayer program on this computer. Most likely it is not running.',
    steps: [
      'Start NCALayer and wait for its icon near the clock.',
      'If the browser asks about access to apps on this device, allow it.',
      'If NCALayer is not installed, get it from pki.gov.kz: the installer also adds the certificates your browser has to trust.',
    ],
  },
  'ncalayer-on-phone': {
    title: 'There is no NCALayer on a phone',
    text: 'NCALayer works on computers only, so this device cannot sign in with an EDS.',
    steps: [
      'Open this page on a computer with NCALayer.',
      'Or sign in with IIN and password, if you have one.',
    ],
  },
  'permission-needed': {
    title: 'Your browser is waiting for permission',
    text: 'NCALayer runs on your computer, and the browser has to let this page reach it. It has not been allowed yet.',
    steps: [
      'Press “Try again”.',
      'When the browser asks about access to apps on this device, choose “Allow”.',
      'If it does not ask, check that NCALayer is running.',
    ],
  },
  'permission-denied': {
    title: 'The browser blocks access to NCALayer',
    text: 'This page was once refused access to apps on this device, and the browser remembers. NCALayer itself may be fine.',
    steps: [
      'Click the icon to the left of the page address and open the site settings.',
      'Allow access to apps on this device (local network access).',
      'Reload the page and sign in. On a managed computer an administrator can do this with the LoopbackNetworkAccessAllowedForUrls policy.',
    ],
  },
  'ncalayer-outdated': {
    title: 'NCALayer needs an update',
    text: 'The installed program lacks the signing module this page uses.',
    steps: ['Install the latest NCALayer from pki.gov.kz.', 'Restart NCALayer and try again.'],
  },
  'ncalayer-disconnected': {
    title: 'NCALayer closed the connection',
    text: 'The program was closed or restarted while signing. Nothing was sent.',
    steps: ['Check that NCALayer is running.', 'Try again.'],
  },
  'ncalayer-refused': {
    title: 'NCALayer could not sign',
    text: 'The program reported an error. Choosing the key again or reconnecting the token usually helps.',
    steps: [
      'Close other NCALayer windows and reconnect the token if the key is on one.',
      'Try again and choose the key once more.',
      'If it keeps failing, restart NCALayer.',
    ],
  },
  cancelled: {
    title: 'You cancelled signing',
    text: 'The NCALayer window was closed without a signature. Nothing was sent.',
    steps: ['Try again whenever you are ready.'],
  },
  'wrong-key': {
    title: 'This key is not for people to sign in',
    text: 'It belongs to an information system, or its certificate does not allow it to sign a login.',
    steps: ['Try again and choose your personal key or your key as an employee of the organisation.'],
  },
  'untrusted-key': {
    title: 'Keys of this certification authority are not accepted here',
    text: 'Its certificate does not lead to a certification authority that this system trusts.',
    steps: [
      'Try again and choose a key from the National Certification Authority of Kazakhstan.',
      'If it is such a key, give the code below to your administrator.',
    ],
  },
  expired: {
    title: 'This key has expired',
    text: 'Its certificate can no longer sign. Your account itself is kept.',
    steps: [
      'If you already have a new key, try again and choose it.',
      'If not, get one at egov.kz, in the eGov Mobile app or at a public service centre.',
    ],
  },
  'not-yet-valid': {
    title: 'This key is not valid yet',
    text: 'The validity of its certificate starts later.',
    steps: ['Choose another key, or wait until this one becomes valid.'],
  },
  revoked: {
    title: 'The certificate is revoked',
    text: 'According to НУЦ РК this certificate has been revoked and can no longer sign.',
    steps: [
      'If you already have a new key, try again and choose it.',
      'If you did not revoke it, ask НУЦ РК for the reason (contact centre 1414).',
    ],
  },
  'on-hold': {
    title: 'This certificate is on hold',
    text: 'НУЦ РК has suspended this certificate for now, so it cannot be used to sign in.',
    steps: [
      'Sign in with another key, if you have one.',
      'Ask НУЦ РК why it is suspended, and try again once it is valid.',
    ],
  },
  'not-issued': {
    title: 'НУЦ РК never issued this certificate',
    text: 'The certification authority answered that its register has no such certificate.',
    steps: ['Sign in with another key.', 'Do tell your administrator: this is what a forgery looks like.'],
  },
  'weak-key': {
    title: 'Outdated signature algorithm',
    text: 'The signature was made with an algorithm that is no longer considered safe.',
    steps: ['Update NCALayer and try again.', 'If that does not help, get a new key from НУЦ РК.'],
  },
  'identity-unreadable': {
    title: 'The certificate’s data cannot be read',
    text: 'The IIN or BIN in it is missing, malformed or repeated, so we cannot tell who is signing in.',
    steps: ['Sign in with another key.', 'Give the code below to your administrator or to НУЦ РК.'],
  },
  'signature-rejected': {
    title: 'The signature did not verify',
    text: 'What we received does not confirm this particular sign-in.',
    steps: [
      'Try again: the page will prepare a new text to sign.',
      'If that does not help, restart NCALayer and give the code below to your administrator.',
    ],
  },
  'signature-not-supported': {
    title: 'Signatures of this kind are not judged here',
    text: 'The signature may be in order, but this system cannot tell.',
    steps: [
      'Try again and sign with NCALayer only.',
      'If that does not help, update NCALayer and give the code below to your administrator.',
    ],
  },
  'signature-too-large': {
    title: 'The signature is larger than the limit',
    text: 'What the signing program returned is larger than is accepted, so it has not been judged.',
    steps: [
      'Try again and sign with NCALayer only.',
      'If that does not help, update NCALayer and give the code below to your administrator.',
    ],
  },
  'no-account': {
    title: 'There is no account for you',
    text: 'The signature is good, but the organisation named in the key has no member with this IIN.',
    steps: [
      'If you have several keys, use the one of the organisation you work for.',
      'Ask the manager of your organisation to add you.',
    ],
  },
  'account-blocked': {
    title: 'Access is closed',
    text: 'We know who you are, but your account or organisation is blocked.',
    steps: ['Contact the manager of your organisation or the administrator.'],
  },
  'account-invited': {
    title: 'You are invited and have not accepted yet',
    text: 'Your organisation has a place for you, and it waits for your answer.',
    steps: [
      'Open the invitation link the manager of your organisation sent you.',
      'If the link is lost or too old, ask the manager for a new one.',
    ],
  },
  'account-requested': {
    title: 'Your request waits for the manager',
    text: 'You asked to be admitted to the organisation, and nobody has decided yet.',
    steps: [
      'Remind the manager of your organisation.',
      'Once they have admitted you, sign in with this same key.',
    ],
  },
  'certificate-pending': {
    title: 'This certificate waits for approval',
    text: 'You are a member, but your organisation approves new certificates before they open anything, and this one is new here.',
    steps: [
      'Ask the manager of your organisation to approve it.',
      'Until then sign in with the key you used before, if it is still valid.',
    ],
  },
  'certificate-not-accepted': {
    title: 'Your organisation does not accept this certificate',
    text: 'You are a member, but the manager has withdrawn this certificate here. At НУЦ РК it may still be valid.',
    steps: [
      'Sign in with another key of yours.',
      'If it was withdrawn by mistake, contact the manager of your organisation.',
    ],
  },
  'account-choice': {
    title: 'Which organisation do you want to enter?',
    text: 'You belong to several organisations.',
    steps: ['Choose one. With an EDS you will sign once more: each signature is good for one sign-in.'],
  },
  'personal-key': {
    title: 'Use your organisation’s key',
    text: 'Your organisation admits employee keys only, and you chose your personal key.',
    steps: ['Try again and choose your employee key of this organisation.'],
  },
  'password-not-allowed': {
    title: 'Password sign-in is not allowed',
    text: 'Your organisation signs in with an EDS only.',
    steps: ['Press “Sign in with EDS”.'],
  },
  'password-wrong': {
    title: 'The IIN or the password is wrong',
    text: 'Check the keyboard layout and Caps Lock. Five wrong tries in a row block password sign-in.',
    steps: ['Enter the password again.', 'Or sign in with your EDS, which needs no password here.'],
  },
  'password-blocked': {
    title: 'Password sign-in is blocked',
    text: 'There were too many wrong tries. EDS sign-in works and lifts the block.',
    steps: [
      'Press “Sign in with EDS”.',
      'If you do not have your key with you, contact the manager of your organisation.',
    ],
  },
  'challenge-expired': {
    title: 'The time to sign ran out',
    text: 'The text to sign is good for a few minutes and for one use. This one is no longer accepted.',
    steps: ['Press “Try again”: we will prepare a new text.'],
  },
  'other-browser': {
    title: 'This sign-in began in another browser',
    text: 'The signed text was not given to this browser, or the browser does not keep cookies.',
    steps: ['Allow cookies for this site.', 'Try again in this same browser.'],
  },
  'rate-limited': {
    title: 'Too many tries',
    text: 'There were many sign-in attempts from this network or with this IIN. The pause protects you from guessing attacks.',
    steps: ['Wait a little and try again.'],
  },
  'revocation-unavailable': {
    title: 'The certificate could not be checked',
    text: 'НУЦ РК did not say whether your certificate is revoked, or its answer did not verify. We let nobody in without it.',
    steps: [
      'Try again in a few minutes.',
      'If it cannot wait and you have a password, sign in with IIN and password.',
    ],
  },
  'revocation-unknown': {
    title: 'НУЦ РК does not know this certificate',
    text: 'Its status service answered that the state of the certificate is unknown. That happens in the first minutes after a key is issued.',
    steps: [
      'Try again in a few minutes, or sign in with another key.',
      'If the key is not new, give the code below to your administrator.',
    ],
  },
  'service-unavailable': {
    title: 'The service is unavailable',
    text: 'We could not finish the sign-in, and it is our fault. Your key is fine.',
    steps: [
      'Try again in a few minutes.',
      'If that does not help, give the request number to your administrator.',
    ],
  },
  offline: {
    title: 'No connection to the server',
    text: 'The request did not reach the server, or its answer did not come back.',
    steps: ['Check your internet connection or VPN.', 'Try again.'],
  },
  told: {
    title: 'That did not work',
    text: 'We looked at it and cannot go on. Here is why:',
    steps: ['Do as it says above and try again.'],
  },
  unknown: {
    title: 'Sign-in did not work',
    text: 'Something happened that this page has no explanation for.',
    steps: [
      'Try again.',
      'If that does not help, give the code and the request number to your administrator.',
    ],
  },
};
