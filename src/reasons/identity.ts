/** Whom a certificate names. */
import { type ReasonCode } from '../eds/error.js';
import { type Reason, type Situation } from './reason.js';

const identityMalformed: Situation = {
  who: 'authority',
  texts: {
    kk: {
      title: 'Сертификаттағы ЖСН немесе БСН дұрыс жазылмаған.',
      detail:
        'Басқа кілтті таңдаңыз. Бұл қолданыстағы кілтіңіз болса, ҚР ҰКО-дан оны қайта шығаруды сұраңыз.',
    },
    ru: {
      title: 'ИИН или БИН в сертификате записан неправильно.',
      detail: 'Выберите другой ключ. Если это ваш действующий ключ, попросите НУЦ РК перевыпустить его.',
    },
    en: {
      title: 'The IIN or BIN in the certificate is not well-formed.',
      detail: 'Choose another key. If this is your current one, ask НУЦ РК to reissue it.',
    },
  },
};

export const identity = {
  IDENTITY_IIN_MISSING: {
    status: 403,
    meaning: 'the certificate names no IIN',
    who: 'authority',
    texts: {
      kk: {
        title: 'Сертификатта ЖСН жоқ.',
        detail: 'Өзіңізге жеке тұлға немесе қызметкер ретінде берілген кілтті таңдаңыз.',
      },
      ru: {
        title: 'В сертификате нет ИИН.',
        detail: 'Выберите ключ, выданный вам как физическому лицу или сотруднику.',
      },
      en: {
        title: 'There is no IIN in the certificate.',
        detail: 'Choose a key that was issued to you as a person or as an employee.',
      },
    },
  },
  IDENTITY_IIN_MALFORMED: {
    status: 403,
    meaning: 'the IIN in the certificate is not twelve digits in its form',
    ...identityMalformed,
  },
  IDENTITY_IIN_REPEATED: {
    status: 403,
    meaning: 'the certificate names more than one IIN',
    ...identityMalformed,
  },
  IDENTITY_BIN_MALFORMED: {
    status: 403,
    meaning: 'the BIN in the certificate is not twelve digits in its form',
    ...identityMalformed,
  },
  IDENTITY_BIN_REPEATED: {
    status: 403,
    meaning: 'the certificate names more than one BIN',
    ...identityMalformed,
  },
  IDENTITY_IIN_CHECKSUM: {
    status: 403,
    meaning: 'the control digit of the IIN does not add up',
    ...identityMalformed,
  },
  IDENTITY_BIN_CHECKSUM: {
    status: 403,
    meaning: 'the control digit of the BIN does not add up',
    ...identityMalformed,
  },
  IDENTITY_NOT_A_PERSON: {
    status: 403,
    meaning: 'the certificate belongs to an information system and not to a person',
    texts: {
      kk: {
        title: 'Бұл кілтпен кіруге болмайды: ол ақпараттық жүйеге берілген.',
        detail: 'Өзіңізге берілген кілтті таңдаңыз.',
      },
      ru: {
        title: 'Этим ключом войти нельзя: он выдан информационной системе.',
        detail: 'Выберите ключ, выданный лично вам.',
      },
      en: {
        title: 'This key cannot be used to sign in: it belongs to an information system.',
        detail: 'Choose the key that was issued to you.',
      },
    },
  },
} satisfies Readonly<Record<Extract<ReasonCode, `IDENTITY_${string}`>, Reason>>;
