import { type Text } from '../text.js';
import { account } from './account.js';
import { failures } from './failures.js';
import { password } from './password.js';
import { register, terms } from './registration.js';
import { progress, signIn } from './sign-in.js';

export const kk: Text = {
  languageNames: { kk: 'Қазақша', ru: 'Русский', en: 'English' },
  languageSwitch: 'Бет тілі',
  skipToContent: 'Мазмұнға өту',
  tagline: 'ЭЦҚ арқылы кіру',
  promise:
    'Кілтіңіз бен оның құпиясөзі компьютеріңіздегі NCALayer бағдарламасында қалады. Бізге тек қолтаңба келеді.',
  signIn,
  progress,
  failures,
  register,
  terms,
  account,
  password,
  toSignIn: 'Кіру бетіне өту',
};
