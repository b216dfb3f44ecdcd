import { type Text } from '../text.js';
import { account } from './account.js';
import { failures } from './failures.js';
import { password } from './password.js';
import { register, terms } from './registration.js';
import { progress, signIn } from './sign-in.js';

export const en: Text = {
  languageNames: { kk: 'Қазақша', ru: 'Русский', en: 'English' },
  languageSwitch: 'Page language',
  skipToContent: 'Skip to content',
  tagline: 'EDS sign-in',
  promise: 'Your key and its password stay in NCALayer on your computer. Only the signature is sent here.',
  signIn,
  progress,
  failures,
  register,
  terms,
  account,
  password,
  problems: {
    'not-found': {
      title: 'There is no such page',
      text: 'The link may be out of date, or the address mistyped.',
    },
    forbidden: { title: 'No access', text: 'Your account has no access to this page.' },
    'rate-limited': { title: 'Too many requests', text: 'Wait a minute and reload the page.' },
    unavailable: {
      title: 'The service is unavailable',
      text: 'We are on it. Reload the page in a few minutes.',
    },
    error: {
      title: 'Something broke on our side',
      text: 'Try again. If that does not help, give the request number to your administrator.',
    },
  },
  toSignIn: 'Go to sign-in',
};
