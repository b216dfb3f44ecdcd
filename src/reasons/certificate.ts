/** What is wrong with a certificate or with those that vouch for it. */
import { type ReasonCode } from '../eds/error.js';
import { type Reason, type Situation } from './reason.js';

const certificateUntrusted: Situation = {
  tone: 'alarm',
  who: 'operator',
  texts: {
    kk: {
      title: 'Мұнда бұл куәландырушы орталықтың кілттері қабылданбайды.',
      detail:
        'Сертификатты осы жүйе сенім артпайтын орталық берген. Басқа кілтті таңдаңыз. Бұл ҚР ҰКО (pki.gov.kz) кілті болса, код пен сұрау нөмірін әкімшіге хабарлаңыз.',
    },
    ru: {
      title: 'Здесь не принимают ключи этого удостоверяющего центра.',
      detail:
        'Сертификат выдан центром, которому эта система не доверяет. Выберите другой ключ. Если это ключ НУЦ РК (pki.gov.kz), сообщите администратору код и номер запроса.',
    },
    en: {
      title: 'Keys of this certification authority are not accepted here.',
      detail:
        'The certificate was issued by an authority this system does not trust. Choose another key. If it is a key of НУЦ РК (pki.gov.kz), give the code and the request number to your administrator.',
    },
  },
};

const certificateChain: Situation = {
  tone: 'alarm',
  who: 'operator',
  texts: {
    kk: {
      title: 'Бұл кілттің сертификаттар тізбегі қабылданбайды.',
      detail:
        'Басқа кілтті таңдаңыз. Бұл ҚР ҰКО (pki.gov.kz) кілті болса, код пен сұрау нөмірін әкімшіге хабарлаңыз.',
    },
    ru: {
      title: 'Цепочка сертификатов этого ключа не принимается.',
      detail:
        'Выберите другой ключ. Если это ключ НУЦ РК (pki.gov.kz), сообщите администратору код и номер запроса.',
    },
    en: {
      title: 'The chain of certificates of this key is not accepted.',
      detail:
        'Choose another key. If it is a key of НУЦ РК (pki.gov.kz), give the code and the request number to your administrator.',
    },
  },
};

const certificatePurpose: Situation = {
  who: 'operator',
  texts: {
    kk: {
      title: 'Бұл орталықтың сертификаттары мұндай мақсатқа қабылданбайды.',
      detail: 'Басқа кілтті таңдаңыз немесе қандай кілттер қабылданатынын қауіпсіздік қызметінен сұраңыз.',
    },
    ru: {
      title: 'Сертификаты этого центра для такой цели не принимаются.',
      detail: 'Выберите другой ключ или узнайте у службы безопасности, какие ключи принимаются.',
    },
    en: {
      title: 'Certificates of this authority are not accepted for this purpose.',
      detail: 'Choose another key, or ask your security team which keys are accepted.',
    },
  },
};

const certificateUsage: Situation = {
  texts: {
    kk: {
      title: 'Бұл кілтпен қол қоюға болмайды.',
      detail:
        'Қол қою кілтін таңдаңыз: 2023 жылдан бері кіруге де, қол қоюға да бір кілт қолданылады (GOST512 немесе RSA).',
    },
    ru: {
      title: 'Этим ключом подписывать нельзя.',
      detail:
        'Выберите личный ключ или ключ сотрудника: с 2023 года для входа и подписи служит один ключ (GOST512 или RSA).',
    },
    en: {
      title: 'This key cannot be used to sign.',
      detail:
        'Choose your personal key or the key of an employee: since 2023 one key serves to sign in and to sign (GOST512 or RSA).',
    },
  },
};

export const certificate = {
  PATH_UNTRUSTED: {
    status: 401,
    meaning: 'the certificate was issued by a CA that is not trusted',
    ...certificateUntrusted,
  },
  PATH_SELF_SIGNED: {
    status: 401,
    meaning: 'the certificate is signed by itself and not trusted',
    ...certificateUntrusted,
  },
  PATH_ISSUER_MISMATCH: {
    status: 401,
    meaning: 'the certificate names a trusted CA that did not issue it',
    ...certificateUntrusted,
  },
  PATH_NOT_A_CA: {
    status: 401,
    meaning: 'a certificate in the chain may not issue others',
    ...certificateChain,
  },
  PATH_LENGTH_EXCEEDED: {
    status: 401,
    meaning: 'the chain of certificates is longer than allowed',
    ...certificateChain,
  },
  PATH_CA_OUT_OF_VALIDITY: {
    status: 401,
    meaning: 'a CA certificate was not valid at that time',
    ...certificateChain,
  },
  PATH_PURPOSE_NOT_ALLOWED: {
    status: 401,
    meaning: 'the CA is trusted, but not for this purpose',
    ...certificatePurpose,
  },
  PATH_USAGE_NOT_ALLOWED: {
    status: 401,
    meaning: 'a CA certificate in the chain is limited to other uses',
    ...certificatePurpose,
  },
  PATH_CONSTRAINTS_NOT_SUPPORTED: {
    status: 401,
    meaning: 'a certificate in the chain has name or policy constraints, which are not processed',
    ...certificateChain,
  },
  CERTIFICATE_EXPIRED: {
    status: 401,
    meaning: 'the certificate has expired',
    tone: 'alarm',
    who: 'authority',
    texts: {
      kk: {
        title: 'Сертификаттың мерзімі өтіп кеткен.',
        detail:
          'Жаңарақ кілтті таңдаңыз. Ол жоқ болса, жаңасын egov.kz порталында, eGov Mobile қолданбасында немесе ХҚКО-да алыңыз. Есептік жазбаңыз сақталады.',
      },
      ru: {
        title: 'Срок действия сертификата истёк.',
        detail:
          'Выберите более новый ключ. Если его нет, получите новый на egov.kz, в приложении eGov Mobile или в ЦОНе. Учётная запись сохраняется.',
      },
      en: {
        title: 'The certificate has expired.',
        detail:
          'Choose a newer key. If you have none, get one at egov.kz, in the eGov Mobile app or at a public service centre. Your account stays.',
      },
    },
  },
  CERTIFICATE_NOT_YET_VALID: {
    status: 401,
    meaning: 'the certificate is not valid yet',
    who: 'authority',
    texts: {
      kk: {
        title: 'Сертификаттың мерзімі әлі басталған жоқ.',
        detail: 'Басқа кілтті таңдаңыз немесе осы кілттің мерзімі басталғанша күтіңіз.',
      },
      ru: {
        title: 'Срок действия сертификата ещё не начался.',
        detail: 'Выберите другой ключ или дождитесь начала срока действия этого.',
      },
      en: {
        title: 'The certificate is not valid yet.',
        detail: 'Choose another key, or wait until this one becomes valid.',
      },
    },
  },
  CERTIFICATE_USAGE: {
    status: 401,
    meaning: 'the certificate is not meant for this use',
    ...certificateUsage,
  },
  CERTIFICATE_CRITICAL_EXTENSION: {
    status: 401,
    meaning: 'the certificate has a critical extension that is not known',
    ...certificateUsage,
  },
} satisfies Readonly<
  Record<
    | Extract<ReasonCode, `PATH_${string}`>
    | 'CERTIFICATE_EXPIRED'
    | 'CERTIFICATE_NOT_YET_VALID'
    | 'CERTIFICATE_USAGE'
    | 'CERTIFICATE_CRITICAL_EXTENSION',
    Reason
  >
>;
