/** A challenge that cannot be answered. */
import { type Reason } from './reason.js';

export const challenge = {
  CHALLENGE_UNKNOWN: {
    status: 409,
    meaning: 'never issued, or forgotten long after its end',
    tone: 'calm',
    texts: {
      kk: { title: 'Мұндай қол қою мәтіні мұнда берілмеген.', detail: 'Қайта бастаңыз.' },
      ru: { title: 'Этот текст для подписи здесь не выдавали.', detail: 'Начните заново.' },
      en: { title: 'This text to sign was not issued here.', detail: 'Start again.' },
    },
  },
  CHALLENGE_EXPIRED: {
    status: 409,
    meaning: 'signed too late',
    tone: 'calm',
    texts: {
      kk: {
        title: 'Қол қою уақыты бітті.',
        detail: 'Қайта бастаңыз: бет жаңа мәтін дайындайды. Қол қоюға берілетін уақыт: {signing}.',
      },
      ru: {
        title: 'Время на подпись истекло.',
        detail: 'Начните заново: страница подготовит новый текст. Время на подпись: {signing}.',
      },
      en: {
        title: 'The time to sign has run out.',
        detail: 'Start again: a new text will be prepared. Time to sign: {signing}.',
      },
    },
  },
  CHALLENGE_USED: {
    status: 409,
    meaning: 'answered before, rightly or wrongly',
    tone: 'calm',
    texts: {
      kk: {
        title: 'Бұл мәтінге қол қойылып қойған.',
        detail: 'Әр мәтін бір рет қана жарамды. Қайта бастаңыз.',
      },
      ru: {
        title: 'Этот текст уже подписывали.',
        detail: 'Каждый текст для подписи действует один раз. Начните заново.',
      },
      en: {
        title: 'This text has been signed already.',
        detail: 'Each text to sign is valid once. Start again.',
      },
    },
  },
  CHALLENGE_OTHER_BROWSER: {
    status: 409,
    meaning: 'issued to another browser: the pre-login cookie differs or is absent',
    texts: {
      kk: {
        title: 'Қол қою басқа браузерде басталған.',
        detail:
          'Оны осы браузерде қайта бастап, осы сайттың cookie файлдарына рұқсат беріңіз. Сіз бастамаған болсаңыз, біреу қолтаңбаңызды пайдаланғысы келуі мүмкін.',
      },
      ru: {
        title: 'Подписание начато в другом браузере.',
        detail:
          'Начните его в этом браузере и разрешите cookie для этого сайта. Если вы ничего не начинали, возможно, кто-то пытается использовать вашу подпись.',
      },
      en: {
        title: 'The signing was started in another browser.',
        detail:
          'Start it again in this browser and allow cookies for this site. If you did not start it, another person may be trying to use your signature.',
      },
    },
  },
} satisfies Readonly<Record<string, Reason>>;
