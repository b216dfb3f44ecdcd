/** Why an invitation cannot be given or taken. */
import { type Reason } from './reason.js';

export const invitation = {
  INVITATION_UNKNOWN: {
    status: 404,
    meaning: 'no invitation has this token',
    who: 'manager',
    texts: {
      kk: {
        title: 'Мұндай шақыру жоқ.',
        detail: 'Сілтемені толық көшіргеніңізді тексеріңіз немесе жаңа шақыру сұраңыз.',
      },
      ru: {
        title: 'Такого приглашения нет.',
        detail: 'Проверьте, что ссылка скопирована целиком, или попросите новое приглашение.',
      },
      en: {
        title: 'There is no such invitation.',
        detail: 'Check that the whole link was copied, or ask for a new invitation.',
      },
    },
  },
  INVITATION_EXPIRED: {
    status: 409,
    meaning: 'the invitation was not taken in time',
    who: 'manager',
    texts: {
      kk: { title: 'Шақырудың мерзімі өтті.', detail: 'Ұйымның басшысынан жаңа шақыру сұраңыз.' },
      ru: {
        title: 'Срок приглашения истёк.',
        detail: 'Попросите у руководителя организации новое приглашение.',
      },
      en: {
        title: 'The invitation has expired.',
        detail: 'Ask the manager of the organisation for a new one.',
      },
    },
  },
  INVITATION_OTHER_PERSON: {
    status: 403,
    meaning: 'the invitation is bound to another IIN; it stays open',
    who: 'manager',
    texts: {
      kk: {
        title: 'Шақыру басқа адамға арналған.',
        detail: 'Өз кілтіңізді таңдағаныңызды немесе ЖСН-ді дұрыс жазғаныңызды тексеріңіз.',
      },
      ru: {
        title: 'Приглашение предназначено другому человеку.',
        detail: 'Проверьте, что выбрали свой ключ или верно ввели ИИН.',
      },
      en: {
        title: 'The invitation is for another person.',
        detail: 'Check that you chose your own key, or typed your IIN right.',
      },
    },
  },
  INVITATION_NEEDS_EDS: {
    status: 403,
    meaning:
      'no first password by this link: five wrong IINs were named, or the platform keeps the person out',
    texts: {
      kk: { title: 'Бұл шақыру үшін ЭЦҚ керек.', detail: 'Шақыруды өз кілтіңізбен қол қойып қабылдаңыз.' },
      ru: {
        title: 'Для этого приглашения нужна ЭЦП.',
        detail: 'Примите приглашение, подписав его своим ключом.',
      },
      en: {
        title: 'This invitation needs an EDS.',
        detail: 'Accept the invitation by signing with your key.',
      },
    },
  },
  INVITATION_LIMIT: {
    status: 429,
    meaning: 'the organisation has invited as many people as it may in a day',
    who: 'operator',
    texts: {
      kk: {
        title: 'Ұйымыңыз тәулігіне рұқсат етілгенше адам шақырды.',
        detail: 'Ертең қайталап көріңіз немесе шлюз әкімшілерінен шекті көтеруді сұраңыз.',
      },
      ru: {
        title: 'За сутки ваша организация пригласила столько людей, сколько можно.',
        detail: 'Повторите завтра или попросите администраторов шлюза поднять предел.',
      },
      en: {
        title: 'Your organisation has invited as many people as it may in a day.',
        detail: 'Try again tomorrow, or ask the operators of this gateway for a higher limit.',
      },
    },
  },
  INVITATION_USED: {
    status: 409,
    meaning: 'the invitation was taken',
    way: 'sign-in',
    who: 'manager',
    texts: {
      kk: {
        title: 'Шақыру пайдаланылып қойған.',
        detail: 'Оны сіз пайдалансаңыз, кіріңіз. Әйтпесе басшыға хабарлаңыз.',
      },
      ru: {
        title: 'Приглашение уже использовано.',
        detail: 'Если это сделали вы, войдите. Если нет, сообщите руководителю.',
      },
      en: {
        title: 'The invitation has been used.',
        detail: 'If it was you, sign in. If it was not, tell the manager.',
      },
    },
  },
  INVITATION_REVOKED: {
    status: 409,
    meaning: 'the invitation was withdrawn',
    who: 'manager',
    texts: {
      kk: { title: 'Шақыру қайтарып алынды.', detail: 'Ұйымның басшысынан жаңа шақыру сұраңыз.' },
      ru: {
        title: 'Приглашение отозвано.',
        detail: 'Попросите у руководителя организации новое приглашение.',
      },
      en: {
        title: 'The invitation was withdrawn.',
        detail: 'Ask the manager of the organisation for a new one.',
      },
    },
  },
} satisfies Readonly<Record<string, Reason>>;
