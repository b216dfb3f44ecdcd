/** Why a proved person is not let in. */
import { type Reason } from './reason.js';

export const account = {
  ACCOUNT_NONE: {
    status: 403,
    meaning: 'this person has no membership of this organisation, or it was removed',
    way: 'register',
    who: 'manager',
    texts: {
      kk: {
        title: 'Бұл ұйымда сізге есептік жазба ашылмаған.',
        detail:
          'Ұйым басшысынан сізді қосуын сұраңыз немесе басқа ұйымның кілтін таңдаңыз. Ұйым мұнда әлі тіркелмеген болса және сіз оның бірінші басшысы болсаңыз, оны осы ЭЦҚ арқылы тіркеңіз.',
      },
      ru: {
        title: 'Для вас нет учётной записи в этой организации.',
        detail:
          'Попросите руководителя организации добавить вас или выберите ключ другой организации. Если организация здесь ещё не зарегистрирована и вы её первый руководитель, зарегистрируйте её этой же ЭЦП.',
      },
      en: {
        title: 'You have no account in this organisation.',
        detail:
          'Ask the manager of the organisation to add you, or choose the key of another organisation. If the organisation is not registered here yet and you are its first head, register it with this same EDS.',
      },
    },
  },
  ACCOUNT_BLOCKED: {
    status: 403,
    meaning: 'the person or the membership is suspended',
    tone: 'alarm',
    who: 'manager',
    texts: {
      kk: {
        title: 'Есептік жазба бұғатталған.',
        detail: 'Ұйым басшысына немесе оның қауіпсіздік қызметіне хабарласыңыз.',
      },
      ru: {
        title: 'Учётная запись заблокирована.',
        detail: 'Обратитесь к руководителю организации или в её службу безопасности.',
      },
      en: {
        title: 'The account is blocked.',
        detail: 'Ask the manager of your organisation or its security team.',
      },
    },
  },
  ACCOUNT_SUSPENDED: {
    status: 403,
    meaning: 'the organisation is suspended',
    tone: 'alarm',
    who: 'manager',
    texts: {
      kk: { title: 'Ұйымыңыздың қолжетімділігі тоқтатылған.', detail: 'Себебін ұйым басшысы біле алады.' },
      ru: {
        title: 'Доступ вашей организации приостановлен.',
        detail: 'Причину может узнать руководитель организации.',
      },
      en: {
        title: 'Your organisation’s access is suspended.',
        detail: 'The manager of your organisation can find out why.',
      },
    },
  },
  ACCOUNT_INVITED: {
    status: 403,
    meaning: 'the person is invited and has not accepted the invitation yet',
    who: 'manager',
    texts: {
      kk: {
        title: 'Сізге шақыру жіберілген, бірақ ол әлі қабылданбаған.',
        detail: 'Шақырудағы сілтемені ашыңыз; жоғалған болса, басшыдан жаңасын сұраңыз.',
      },
      ru: {
        title: 'Вас пригласили, но приглашение ещё не принято.',
        detail: 'Откройте ссылку из приглашения; если она потеряна, попросите у руководителя новую.',
      },
      en: {
        title: 'You are invited and have not accepted the invitation yet.',
        detail: 'Open the invitation link your manager sent you; ask for a new one if it is lost.',
      },
    },
  },
  ACCOUNT_REQUESTED: {
    status: 403,
    meaning: 'the person asked to be admitted; no manager has decided yet',
    who: 'manager',
    texts: {
      kk: {
        title: 'Өтініміңіз басшының шешімін күтуде.',
        detail: 'Ұйым басшысына өтінім туралы еске салыңыз. Ол мақұлдағаннан кейін осы кілтпен кіріңіз.',
      },
      ru: {
        title: 'Ваша заявка ждёт решения руководителя.',
        detail:
          'Напомните о ней руководителю организации. Когда он одобрит заявку, войдите с этим же ключом.',
      },
      en: {
        title: 'Your request waits for the manager’s decision.',
        detail: 'Remind the manager of the organisation. Once it is approved, sign in with this same key.',
      },
    },
  },
  ACCOUNT_CERTIFICATE_PENDING: {
    status: 403,
    meaning: 'the organisation approves new certificates, and this one is not approved yet',
    who: 'manager',
    texts: {
      kk: {
        title: 'Бұл сертификат мұнда жаңа және мақұлдауды күтуде.',
        detail: 'Ұйым басшысынан оны мақұлдауын сұраңыз немесе бұрынғы сертификатпен кіріңіз.',
      },
      ru: {
        title: 'Этот сертификат здесь новый и ждёт одобрения.',
        detail: 'Попросите руководителя организации одобрить его или войдите с прежним сертификатом.',
      },
      en: {
        title: 'This certificate is new here and waits for approval.',
        detail:
          'Ask the manager of your organisation to approve it, or sign in with the certificate you used before.',
      },
    },
  },
  ACCOUNT_CERTIFICATE_REVOKED: {
    status: 403,
    meaning: 'the organisation does not accept this certificate any more',
    who: 'manager',
    texts: {
      kk: {
        title: 'Ұйымыңыз бұл сертификатты енді қабылдамайды.',
        detail:
          'Басшы бұл сертификатты осында кері қайтарып алды; ҚР ҰКО-да ол жарамды болуы мүмкін. Басқа сертификатпен кіріңіз. Қателікпен кері қайтарып алынса, ұйым басшысына хабарласыңыз.',
      },
      ru: {
        title: 'Ваша организация больше не принимает этот сертификат.',
        detail:
          'Руководитель отозвал его здесь; в НУЦ РК он может оставаться действительным. Войдите с другим сертификатом. Если его отозвали по ошибке, обратитесь к руководителю организации.',
      },
      en: {
        title: 'Your organisation does not accept this certificate any more.',
        detail:
          'The manager revoked it here; at НУЦ РК it may still be valid. Sign in with another certificate. If it was revoked by mistake, ask the manager of the organisation.',
      },
    },
  },
  ACCOUNT_CHOICE_REQUIRED: {
    status: 409,
    meaning:
      'several organisations would have this person; send `organisation` with one of `choices` and a new challenge',
    tone: 'calm',
    texts: {
      kk: {
        title: 'Сіз бірнеше ұйымда тіркелгенсіз.',
        detail: 'Ұйымды таңдаңыз; ЭЦҚ арқылы кірсеңіз, қайта қол қойыңыз.',
      },
      ru: {
        title: 'Вы состоите в нескольких организациях.',
        detail: 'Выберите организацию; если входите с ЭЦП, подпишите ещё раз.',
      },
      en: {
        title: 'You belong to several organisations.',
        detail: 'Choose one of them; with an EDS, sign once more.',
      },
    },
  },
  ACCOUNT_PERSONAL_KEY: {
    status: 403,
    meaning: "the organisation admits employees' keys only, and this is a personal one",
    texts: {
      kk: {
        title: 'Ұйымыңыз жеке кілттерді қабылдамайды.',
        detail: 'Осы ұйымның қызметкері ретінде берілген (БСН көрсетілген) кілтпен кіріңіз.',
      },
      ru: {
        title: 'Ваша организация не принимает личные ключи.',
        detail: 'Войдите с ключом сотрудника этой организации (с её БИН).',
      },
      en: {
        title: 'Your organisation does not accept personal keys.',
        detail: 'Sign in with the key issued to you as its employee (with the BIN of the organisation).',
      },
    },
  },
  ACCOUNT_PASSWORD_NOT_ALLOWED: {
    status: 403,
    meaning: 'the organisation does not admit passwords',
    texts: {
      kk: { title: 'Ұйымыңыз құпиясөзбен кіруді қабылдамайды.', detail: 'ЭЦҚ арқылы кіріңіз.' },
      ru: { title: 'Ваша организация не принимает вход по паролю.', detail: 'Войдите с ЭЦП.' },
      en: { title: 'Your organisation does not accept passwords.', detail: 'Sign in with your EDS.' },
    },
  },
} satisfies Readonly<Record<string, Reason>>;
