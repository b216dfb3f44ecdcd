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
  toSignIn: 'Go to sign-in',
};
