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
  tagline: 'Вход по ЭЦП',
  promise: 'Ваш ключ и пароль к нему остаются в NCALayer на вашем компьютере. Сюда приходит только подпись.',
  signIn,
  progress,
  failures,
  register,
  terms,
  account,
  password,
  problems: {
    'not-found': {
      title: 'Такой страницы нет',
      text: 'Возможно, ссылка устарела или адрес набран с ошибкой.',
    },
    forbidden: { title: 'Сюда нельзя', text: 'У вашей учётной записи нет доступа к этой странице.' },
    'rate-limited': { title: 'Слишком много запросов', text: 'Подождите минуту и обновите страницу.' },
    unavailable: {
      title: 'Сервис временно недоступен',
      text: 'Мы уже разбираемся. Обновите страницу через несколько минут.',
    },
    error: {
      title: 'Что-то сломалось у нас',
      text: 'Повторите попытку. Если не поможет, сообщите администратору номер запроса.',
    },
  },
  toSignIn: 'На страницу входа',
};
