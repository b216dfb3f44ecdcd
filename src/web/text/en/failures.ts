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
    text: 'NCALayer works on computers only, so nothing can be signed on this device.',
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
      'Reload the page and try again. On a managed computer an administrator can do this with the LoopbackNetworkAccessAllowedForUrls policy.',
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
  'invitation-cut': {
    title: 'This invitation link is incomplete',
    text: 'A part of it is missing, so the invitation cannot be found.',
    steps: [
      'Copy the whole link from the message and open it again.',
      'If that does not help, ask the manager for a new one.',
    ],
  },
  offline: {
    title: 'No connection to the server',
    text: 'The request did not reach the server, or its answer did not come back.',
    steps: ['Check your internet connection or VPN.', 'Try again.'],
  },
};
