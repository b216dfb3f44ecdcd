/** Changes to organisations that cannot be made. */
import { type Reason } from './reason.js';

export const organisation = {
  BIN_CLAIM_STATUS: {
    status: 409,
    meaning: 'the number is asked for, decided or theirs already',
    texts: {
      kk: {
        title: 'Бұл нөмір сұралып қойған, шешілген немесе онсыз да сіздікі.',
        detail: 'Сұраулар тізімін қараңыз.',
      },
      ru: {
        title: 'Этот номер уже запрошен, по нему есть решение, или он уже ваш.',
        detail: 'Посмотрите список запросов.',
      },
      en: {
        title: 'This number is asked for, decided or yours already.',
        detail: 'Look at the list of claims.',
      },
    },
  },
  BIN_CLAIM_HEAD_REQUIRED: {
    status: 403,
    meaning: 'a number is asked for by the signature of the head',
    texts: {
      kk: {
        title: 'Бұған ұйымның басшысы қол қояды.',
        detail: 'Сертификатында сіз басшы деп көрсетілген кілтпен қол қойыңыз.',
      },
      ru: {
        title: 'Это подписывает руководитель организации.',
        detail: 'Подпишите ключом, в сертификате которого вы указаны её руководителем.',
      },
      en: {
        title: 'The head of the organisation has to sign this.',
        detail: 'Sign with the key whose certificate names you as its head.',
      },
    },
  },
  ORGANISATION_NOT_MERGEABLE: {
    status: 409,
    meaning: 'not two legal entities, or one is part of another already',
    texts: {
      kk: {
        title: 'Бұл ұйымдарды біріктіруге болмайды.',
        detail: 'Екеуі де заңды тұлға болуы және ешқайсысы басқаға қосылмаған болуы керек.',
      },
      ru: {
        title: 'Эти организации нельзя объединить.',
        detail: 'Обе должны быть юридическими лицами, и ни одна — уже частью другой.',
      },
      en: {
        title: 'These organisations cannot become one.',
        detail: 'Both must be legal entities, and neither part of another already.',
      },
    },
  },
} satisfies Readonly<Record<string, Reason>>;
