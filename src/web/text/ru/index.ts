import { type Text } from '../text.js';
import { account } from './account.js';
import { failures } from './failures.js';
import { password } from './password.js';
import { register, terms } from './registration.js';
import { progress, signIn } from './sign-in.js';

export const ru: Text = {
  languageNames: { kk: 'Қазақша', ru: 'Русский', en: 'English' },
  languageSwitch: 'Язык страницы',
  skipToContent: 'К содержанию',
  tagline: 'Вход с ЭЦП',
  promise: 'Ваш ключ и пароль к нему остаются в NCALayer на вашем компьютере. Сюда приходит только подпись.',
  signIn,
  progress,
  failures,
  register,
  terms,
  account,
  password,
  toSignIn: 'На страницу входа',
};
