/** Why a person or organisation cannot be registered. */
import { type Reason } from './reason.js';

export const registration = {
  REGISTRATION_CLOSED: {
    status: 403,
    meaning: 'registration of this kind is switched off here',
    who: 'manager',
    texts: {
      kk: {
        title: 'Тіркелу жабық.',
        detail: 'Бұл жерде өз бетінше тіркелуге болмайды. Ұйымыңыздың басшысынан шақыру сұраңыз.',
      },
      ru: {
        title: 'Регистрация закрыта.',
        detail:
          'Самостоятельно зарегистрироваться здесь нельзя. Попросите у руководителя организации приглашение.',
      },
      en: {
        title: 'Registration is closed.',
        detail:
          'You cannot register here yourself in this way. Ask the manager of your organisation for an invitation.',
      },
    },
  },
  REGISTRATION_LIMIT: {
    status: 429,
    meaning: 'the person has registered as often as one may in a day',
    who: 'operator',
    texts: {
      kk: {
        title: 'Бүгін бір адамға тәулігіне рұқсат етілгенше тіркелдіңіз.',
        detail: 'Ертең қайталап көріңіз немесе шақыру сұраңыз.',
      },
      ru: {
        title: 'Сегодня вы регистрировались столько раз, сколько можно одному человеку за сутки.',
        detail: 'Повторите завтра или попросите приглашение.',
      },
      en: {
        title: 'You have registered as often as one person may in a day.',
        detail: 'Try again tomorrow, or ask for an invitation.',
      },
    },
  },
  REGISTRATION_HEAD_REQUIRED: {
    status: 403,
    meaning: 'the organisation is not registered, and the key is not that of its first head',
    who: 'manager',
    texts: {
      kk: {
        title: 'Бұл ұйым әлі тіркелмеген.',
        detail: 'Оны бірінші басшы өз кілтімен тіркейді. Содан кейін сіз өтінім бере аласыз.',
      },
      ru: {
        title: 'Эта организация ещё не зарегистрирована.',
        detail: 'Её регистрирует первый руководитель своим ключом. После этого вы сможете подать заявку.',
      },
      en: {
        title: 'This organisation is not registered yet.',
        detail: 'Its first head registers it with their own key. After that you can ask to be admitted.',
      },
    },
  },
  REGISTRATION_KIND_REQUIRED: {
    status: 409,
    meaning: 'a personal key, and nothing said about whose practice it is; send `kind`',
    texts: {
      kk: {
        title: 'Бұл — жеке тұлғаның кілті.',
        detail: 'Өз қызметіңізді тіркесеңіз, соны таңдап, қайта қол қойыңыз. Ұйым үшін оның кілтін таңдаңыз.',
      },
      ru: {
        title: 'Это ключ физического лица.',
        detail:
          'Если вы регистрируете собственную деятельность, укажите это и подпишите ещё раз. Для организации выберите её ключ.',
      },
      en: {
        title: 'This is the key of an individual.',
        detail:
          'If you register a practice of your own, say so and sign again. For an organisation choose its key.',
      },
    },
  },
  REGISTRATION_KIND_MISMATCH: {
    status: 409,
    meaning: 'own practice was chosen, and the key belongs to an organisation',
    texts: {
      kk: {
        title: 'Бұл — ұйымның кілті.',
        detail: 'Өз қызметіңіз үшін жеке тұлғаның кілтін таңдаңыз немесе ұйым ретінде тіркеліңіз.',
      },
      ru: {
        title: 'Это ключ организации.',
        detail:
          'Для собственной деятельности выберите ключ физического лица или зарегистрируйтесь как организация.',
      },
      en: {
        title: 'This is the key of an organisation.',
        detail: 'For a practice of your own choose the key of an individual, or register as an organisation.',
      },
    },
  },
  REGISTRATION_ALREADY_MEMBER: {
    status: 409,
    meaning: 'the person is a member of this organisation already',
    way: 'sign-in',
    texts: {
      kk: { title: 'Сіз тіркеліп қойғансыз.', detail: 'Осы кілтпен кіріңіз.' },
      ru: { title: 'Вы уже зарегистрированы.', detail: 'Войдите с этим же ключом.' },
      en: { title: 'You are registered already.', detail: 'Sign in with this same key.' },
    },
  },
  REGISTRATION_OTHER_ORGANISATION: {
    status: 403,
    meaning: 'an invitation, and the key of another organisation than the one that invites',
    texts: {
      kk: {
        title: 'Бұл — басқа ұйымның кілті.',
        detail: 'Сізді шақырған ұйымның кілтін таңдап, қайта қол қойыңыз. Шақыру күшінде.',
      },
      ru: {
        title: 'Это ключ другой организации.',
        detail:
          'Выберите ключ той организации, которая вас пригласила, и подпишите ещё раз. Приглашение остаётся в силе.',
      },
      en: {
        title: 'This is the key of another organisation.',
        detail:
          'Choose the key of the organisation that invites you and sign again. The invitation stays open.',
      },
    },
  },
  REGISTRATION_NAME_UNUSABLE: {
    status: 422,
    meaning: 'the certificate does not say what the organisation is called',
    texts: {
      kk: { title: 'Сертификатта ұйымның атауы жоқ.', detail: 'Атауы жазылған сертификат алып, қайталаңыз.' },
      ru: {
        title: 'В сертификате нет названия организации.',
        detail: 'Получите сертификат, в котором оно указано, и повторите.',
      },
      en: {
        title: 'The certificate does not name the organisation.',
        detail: 'Obtain a certificate that does, and try again.',
      },
    },
  },
} satisfies Readonly<Record<string, Reason>>;
