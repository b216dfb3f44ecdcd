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
  problems: {
    'not-found': {
      title: 'Мұндай бет жоқ',
      text: 'Сілтеме ескірген немесе мекенжай қате терілген болуы мүмкін.',
    },
    forbidden: { title: 'Бұл жерге кіруге болмайды', text: 'Есептік жазбаңыздың бұл бетке рұқсаты жоқ.' },
    'rate-limited': { title: 'Сұрау тым көп', text: 'Бір минут күтіп, бетті жаңартыңыз.' },
    unavailable: {
      title: 'Қызмет уақытша қолжетімсіз',
      text: 'Мәселені шешіп жатырмыз. Бірнеше минуттан кейін бетті жаңартыңыз.',
    },
    error: {
      title: 'Бізде бірдеңе істен шықты',
      text: 'Қайталап көріңіз. Көмектеспесе, сұрау нөмірін әкімшіге хабарлаңыз.',
    },
  },
  toSignIn: 'Кіру бетіне өту',
};
