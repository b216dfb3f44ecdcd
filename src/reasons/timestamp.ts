/** What is wrong with a time-stamp. */
import { type ReasonCode } from '../eds/error.js';
import { type Reason, type Situation } from './reason.js';

const timestampInvalid: Situation = {
  who: 'authority',
  texts: {
    kk: {
      title: 'Қолтаңбаның уақыт белгісі жарамсыз.',
      detail: 'Құжатқа ҚР ҰКО уақыт белгісімен қайта қол қоюды сұраңыз.',
    },
    ru: {
      title: 'Метка времени подписи недействительна.',
      detail: 'Попросите подписать документ ещё раз с меткой времени НУЦ РК.',
    },
    en: {
      title: 'The time-stamp of the signature is not valid.',
      detail: 'Have the document signed again with a time-stamp of НУЦ РК.',
    },
  },
};

export const timestamp = {
  TIMESTAMP_INVALID: { status: 401, meaning: 'the time-stamp is not good', ...timestampInvalid },
  TIMESTAMP_IMPRINT_MISMATCH: {
    status: 401,
    meaning: 'the time-stamp was made over something else',
    ...timestampInvalid,
  },
  TIMESTAMP_UNTRUSTED: {
    status: 401,
    meaning: 'the time-stamp comes from an authority that is not trusted',
    ...timestampInvalid,
  },
  TIMESTAMP_FUTURE: {
    status: 401,
    meaning: 'the time-stamp names a time that has not come yet',
    ...timestampInvalid,
  },
  TIMESTAMP_ALGORITHM_FORBIDDEN: {
    status: 401,
    meaning: 'the imprint of the time-stamp is made with an algorithm that proves nothing',
    ...timestampInvalid,
  },
  TIMESTAMP_REQUIRED: {
    status: 401,
    meaning: 'the policy requires a valid time-stamp and there is none',
    who: 'authority',
    texts: {
      kk: {
        title: 'Қолтаңбада жарамды уақыт белгісі жоқ, ал ол міндетті.',
        detail: 'Құжатқа ҚР ҰКО уақыт белгісімен қайта қол қоюды сұраңыз.',
      },
      ru: {
        title: 'У подписи нет действительной метки времени, а она обязательна.',
        detail: 'Попросите подписать документ ещё раз с меткой времени НУЦ РК.',
      },
      en: {
        title: 'The signature has no valid time-stamp, and one is required.',
        detail: 'Have the document signed again with a time-stamp of НУЦ РК.',
      },
    },
  },
} satisfies Readonly<Record<Extract<ReasonCode, `TIMESTAMP_${string}`>, Reason>>;
