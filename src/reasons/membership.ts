/** Changes to members that cannot be made. */
import { type Reason } from './reason.js';

export const membership = {
  MEMBERSHIP_EXISTS: {
    status: 409,
    meaning: 'the person is a member already, or asked to be',
    texts: {
      kk: {
        title: 'Бұл адам ұйымда бұрыннан бар.',
        detail:
          'Оны қызметкерлер арасынан табыңыз: тоқтатылған немесе шешіміңізді күтіп тұрған болуы мүмкін.',
      },
      ru: {
        title: 'Этот человек уже числится в организации.',
        detail: 'Найдите его среди сотрудников: возможно, он приостановлен или ждёт вашего решения.',
      },
      en: {
        title: 'This person is already with the organisation.',
        detail: 'Look them up among the members: they may be suspended, or waiting for your decision.',
      },
    },
  },
  MEMBERSHIP_STATUS: {
    status: 409,
    meaning: 'the membership is not in a state that allows it',
    texts: {
      kk: {
        title: 'Қызметкердің қазіргі мәртебесінде бұл әрекет қолжетімсіз.',
        detail: 'Тізімді жаңартыңыз: оны өзгертіп қойған болуы мүмкін.',
      },
      ru: {
        title: 'С сотрудником в таком статусе это действие недоступно.',
        detail: 'Обновите список: возможно, его уже изменили.',
      },
      en: {
        title: 'This action is not available for a member in this status.',
        detail: 'Reload the list: it may have changed meanwhile.',
      },
    },
  },
  MEMBERSHIP_UNCONFIRMED: {
    status: 409,
    meaning: 'the person has not signed in to this organisation with their EDS yet',
    who: 'operator',
    texts: {
      kk: {
        title: 'Бұл адам мұнда әлі ЭЦҚ арқылы кірген жоқ.',
        detail: 'Құпиясөзді оның ЭЦҚ арқылы өзі кіруі немесе платформаның қауіпсіздік қызметкері ашады.',
      },
      ru: {
        title: 'Этот человек ещё не входил сюда с ЭЦП.',
        detail: 'Пароль откроет его собственный вход с ЭЦП или сотрудник безопасности платформы.',
      },
      en: {
        title: 'This person has not signed in here with their EDS yet.',
        detail:
          'Their password is opened by their own sign-in with the EDS, or by a security officer of the platform.',
      },
    },
  },
  LAST_MANAGER: {
    status: 409,
    meaning: 'the organisation would be left without a manager',
    texts: {
      kk: { title: 'Ұйым басшысыз қалады.', detail: 'Алдымен басқа біреуді басшы етіп тағайындаңыз.' },
      ru: {
        title: 'Организация останется без руководителя.',
        detail: 'Сначала назначьте другого руководителя.',
      },
      en: {
        title: 'The organisation would be left without a manager.',
        detail: 'Make another member a manager first.',
      },
    },
  },
  LAST_ADMINISTRATOR: {
    status: 409,
    meaning: 'the installation would be left without an administrator',
    texts: {
      kk: { title: 'Жүйе әкімшісіз қалады.', detail: 'Алдымен басқа біреуді әкімші етіп тағайындаңыз.' },
      ru: {
        title: 'Система осталась бы без администратора.',
        detail: 'Сначала назначьте другого администратора.',
      },
      en: {
        title: 'The installation would be left without an administrator.',
        detail: 'Give another person this role first.',
      },
    },
  },
  AUTHORITY_EXCEEDED: {
    status: 403,
    meaning: 'it would give or take rights the caller does not have',
    who: 'manager',
    texts: {
      kk: {
        title: 'Өзіңізде жоқ құқықты беруге де, алуға да болмайды.',
        detail: 'Мұны ұйымыңыздың басшысынан сұраңыз.',
      },
      ru: {
        title: 'Нельзя дать или отнять права, которых у вас нет.',
        detail: 'Попросите сделать это руководителя вашей организации.',
      },
      en: {
        title: 'You cannot give or take rights you do not have.',
        detail: 'Ask a manager of your organisation to do it.',
      },
    },
  },
  CERTIFICATE_BINDING_STATUS: {
    status: 409,
    meaning: 'the certificate is approved or revoked already',
    texts: {
      kk: {
        title: 'Сертификат осы күйде тұр.',
        detail: 'Тізімді жаңартыңыз: шешім қабылданып қойған болуы мүмкін.',
      },
      ru: {
        title: 'Сертификат уже в этом состоянии.',
        detail: 'Обновите список: возможно, решение уже принято.',
      },
      en: {
        title: 'The certificate is in this state already.',
        detail: 'Reload the list: it may have been decided meanwhile.',
      },
    },
  },
} satisfies Readonly<Record<string, Reason>>;
