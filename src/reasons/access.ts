/** Who calls, and what they may do. */
import { type Reason } from './reason.js';

export const access = {
  CLIENT_UNAUTHORISED: {
    status: 401,
    meaning: 'no API client has these credentials',
    who: 'operator',
    texts: {
      kk: {
        title: 'Клиентке рұқсат жоқ.',
        detail: 'API клиентінің деректерін Authorization тақырыбында жіберіңіз.',
      },
      ru: {
        title: 'Клиент не авторизован.',
        detail: 'Передайте учётные данные клиента API в заголовке Authorization.',
      },
      en: {
        title: 'The client is not authorised.',
        detail: 'Send the credentials of an API client in the Authorization header.',
      },
    },
  },
  CLIENT_SECRET_EXPIRED: {
    status: 401,
    meaning: "the secret is the client's own and has expired; no other caller is told so",
    who: 'operator',
    texts: {
      kk: {
        title: 'API клиенті құпиясының мерзімі өтті.',
        detail: 'Жаңарақ құпияны қолданыңыз немесе оны шлюз әкімшісінен сұраңыз.',
      },
      ru: {
        title: 'Срок действия секрета клиента API истёк.',
        detail: 'Используйте более новый секрет или попросите его у администратора шлюза.',
      },
      en: {
        title: 'The secret of the API client has expired.',
        detail: 'Use the newer secret, or ask the operator of the gateway for one.',
      },
    },
  },
  SESSION_NONE: {
    status: 401,
    meaning: 'there is no session, or it has ended',
    texts: {
      kk: { title: 'Сіз кірген жоқсыз.', detail: 'Кіріңіз; сеанс ұзақ пайдаланылмаса аяқталады.' },
      ru: { title: 'Вы не вошли.', detail: 'Войдите; сеанс заканчивается, если им долго не пользоваться.' },
      en: { title: 'You are not signed in.', detail: 'Sign in; a session ends after a time without use.' },
    },
  },
  OBLIGATIONS_PENDING: {
    status: 403,
    meaning: 'terms to accept or a password to change first; see `obligations`',
    texts: {
      kk: {
        title: 'Алдымен бір талапты орындау керек.',
        detail:
          'Кіру беті сұрағандай, қолданыстағы шарттарды қабылдаңыз немесе құпиясөзді ауыстырыңыз да, қайталаңыз.',
      },
      ru: {
        title: 'Сначала нужно кое-что сделать.',
        detail: 'Примите действующие условия или смените пароль, как просит страница входа, и повторите.',
      },
      en: {
        title: 'Something must be done before you go on.',
        detail: 'Accept the current terms or change your password as the sign-in page asks, then try again.',
      },
    },
  },
  PERMISSION_DENIED: {
    status: 403,
    meaning: 'no role of the caller allows it',
    who: 'manager',
    texts: {
      kk: {
        title: 'Рұқсат жоқ.',
        detail: 'Ұйымдағы рөліңіз бұған жол бермейді. Басшыңыздан рұқсат сұраңыз.',
      },
      ru: {
        title: 'Нет доступа.',
        detail: 'Ваша роль в организации этого не допускает. Попросите руководителя дать разрешение.',
      },
      en: {
        title: 'No access.',
        detail: 'Your role in the organisation does not allow it. Ask your manager for the permission.',
      },
    },
  },
  EDS_SESSION_REQUIRED: {
    status: 403,
    meaning: 'the session was opened with a password, and this needs an EDS',
    texts: {
      kk: {
        title: 'Мұнда ЭЦҚ арқылы кіру керек.',
        detail: 'Шығып, ЭЦҚ арқылы қайта кіріңіз: мұнда құпиясөздің өзі жеткіліксіз.',
      },
      ru: {
        title: 'Здесь нужен вход с ЭЦП.',
        detail: 'Выйдите и войдите снова с ЭЦП: одного пароля здесь недостаточно.',
      },
      en: {
        title: 'This needs a sign-in with an EDS.',
        detail: 'Sign out and sign in again with your EDS; a password is not enough here.',
      },
    },
  },
  STEP_UP_REQUIRED: {
    status: 403,
    meaning: 'this very request, in `sign`, must be signed with the EDS first',
    texts: {
      kk: {
        title: 'Бұл әрекетті ЭЦҚ арқылы растау керек.',
        detail: 'Операцияға кілтіңізбен қол қойыңыз да, қайталаңыз.',
      },
      ru: {
        title: 'Это действие нужно подтвердить с ЭЦП.',
        detail: 'Подпишите операцию своим ключом и повторите её.',
      },
      en: {
        title: 'This must be confirmed with your EDS.',
        detail: 'Sign this operation with your key, then repeat it.',
      },
    },
  },
  STEP_UP_OTHER_PERSON: {
    status: 403,
    meaning:
      'the operation was signed by another person than that of the session, or with the key of another organisation',
    texts: {
      kk: {
        title: 'Қолтаңба сіздікі емес.',
        detail: 'Өзіңіз кірген ұйымға тиесілі өз кілтіңізбен қол қойыңыз.',
      },
      ru: {
        title: 'Подпись не ваша.',
        detail: 'Подпишите своим ключом той организации, в которую вы вошли.',
      },
      en: {
        title: 'The signature is not yours.',
        detail: 'Sign with your own key of the organisation you are signed in for.',
      },
    },
  },
  RESOURCE_UNKNOWN: {
    status: 404,
    meaning: 'the path or body names a record that does not exist, or not for the caller',
    texts: {
      kk: {
        title: 'Мұндай жазба жоқ.',
        detail: 'Идентификаторды тексеріңіз: жазба жойылған немесе ұйымыңызға қатысты емес болуы мүмкін.',
      },
      ru: {
        title: 'Такой записи нет.',
        detail: 'Проверьте идентификатор: запись могли удалить, или она не относится к вашей организации.',
      },
      en: {
        title: 'There is no such record.',
        detail: 'Check the identifier; the record may have been removed or belong elsewhere.',
      },
    },
  },
} satisfies Readonly<Record<string, Reason>>;
