/** What is wrong with a signature. */
import { type ReasonCode } from '../eds/error.js';
import { type Reason, type Situation } from './reason.js';

const signatureInconsistent: Situation = {
  tone: 'alarm',
  texts: {
    kk: {
      title: 'Қолтаңбаның бөліктері бір-біріне қайшы.',
      detail:
        'Қайта қол қойыңыз. Қайталанса, NCALayer-ді жаңартып, немен қол қойғаныңызды қолдау қызметіне хабарлаңыз.',
    },
    ru: {
      title: 'Части подписи противоречат друг другу.',
      detail:
        'Подпишите ещё раз. Если повторится, обновите NCALayer и сообщите поддержке, чем вы подписывали.',
    },
    en: {
      title: 'The parts of the signature contradict each other.',
      detail: 'Sign again. If it repeats, update NCALayer and tell your support what you signed with.',
    },
  },
};

const signatureContentMismatch: Situation = {
  tone: 'alarm',
  texts: {
    kk: {
      title: 'Сұралғаннан басқа нәрсеге қол қойылған.',
      detail: 'Қайта бастап, тек осы бет дайындаған мәтінге қол қойыңыз.',
    },
    ru: {
      title: 'Подписано не то, что требовалось.',
      detail: 'Начните заново и подпишите только текст, который подготовила эта страница.',
    },
    en: {
      title: 'Something else was signed than what was asked for.',
      detail: 'Start again and sign only the text this page prepared.',
    },
  },
};

const signatureAlgorithm: Situation = {
  texts: {
    kk: {
      title: 'Қолтаңба мұнда қабылданбайтын алгоритммен жасалған.',
      detail:
        'NCALayer бағдарламасын жаңартып, қайта қол қойыңыз. ГОСТ Р 34.10-2015 немесе SHA-256 бар RSA кілті керек; ескі кілтті pki.gov.kz сайтында жаңартуға болады.',
    },
    ru: {
      title: 'Подпись сделана алгоритмом, который здесь не принимается.',
      detail:
        'Обновите NCALayer и подпишите ещё раз. Нужен ключ ГОСТ Р 34.10-2015 или RSA с SHA-256; старый ключ можно перевыпустить на pki.gov.kz.',
    },
    en: {
      title: 'The signature was made with an algorithm that is not accepted.',
      detail:
        'Update NCALayer and sign again. The key must be GOST R 34.10-2015, or RSA with SHA-256; an old key can be renewed at pki.gov.kz.',
    },
  },
};

export const signature = {
  SIGNATURE_NONE: {
    status: 422,
    meaning: 'there is no signature in it',
    texts: {
      kk: {
        title: 'Жіберілген деректерде қолтаңба жоқ.',
        detail: 'Қайта қол қойыңыз, NCALayer сұрағанда өз кілтіңізді таңдаңыз.',
      },
      ru: {
        title: 'В присланных данных нет подписи.',
        detail: 'Подпишите ещё раз и выберите свой ключ, когда NCALayer его попросит.',
      },
      en: {
        title: 'There is no signature in what was sent.',
        detail: 'Sign again and choose your key when NCALayer asks for it.',
      },
    },
  },
  SIGNATURE_MULTIPLE: {
    status: 422,
    meaning: 'there is more than one signature where exactly one is allowed',
    texts: {
      kk: { title: 'Қолтаңба біреу ғана болуы керек.', detail: 'Қайта бастап, бір рет қол қойыңыз.' },
      ru: { title: 'Подпись должна быть одна.', detail: 'Начните заново и подпишите один раз.' },
      en: { title: 'There must be exactly one signature.', detail: 'Start again and sign once.' },
    },
  },
  SIGNATURE_CERTIFICATE_MISSING: {
    status: 422,
    meaning: "the signer's certificate is not enclosed",
    texts: {
      kk: {
        title: 'Қолтаңбада қол қоюшының сертификаты жоқ.',
        detail:
          'NCALayer арқылы қайта қол қойыңыз; басқа бағдарлама сертификатты қоса салатындай бапталуы керек.',
      },
      ru: {
        title: 'В подписи нет сертификата подписавшего.',
        detail:
          'Подпишите через NCALayer ещё раз; другую программу настройте так, чтобы она вкладывала сертификат.',
      },
      en: {
        title: 'The signature does not carry the signer’s certificate.',
        detail: 'Sign again with NCALayer; another program must be told to include the certificate.',
      },
    },
  },
  SIGNATURE_CERTIFICATE_MISMATCH: {
    status: 401,
    meaning: 'the enclosed certificate is not the one the signature names',
    ...signatureInconsistent,
  },
  SIGNATURE_ATTRIBUTES_INVALID: {
    status: 401,
    meaning: 'the signed attributes are missing or contradictory',
    ...signatureInconsistent,
  },
  SIGNATURE_CONTENT_MISSING: {
    status: 422,
    meaning: 'the signature is detached and the content was not given',
    texts: {
      kk: {
        title: 'Қол қойылған деректер жоқ.',
        detail: 'Қолтаңба бөлек тұр: қол қойылған деректерді онымен бірге жіберіңіз.',
      },
      ru: {
        title: 'Нет подписанных данных.',
        detail: 'Подпись отсоединённая: передайте вместе с ней подписанные данные.',
      },
      en: {
        title: 'The signed content is missing.',
        detail: 'The signature is detached: send the signed content together with it.',
      },
    },
  },
  SIGNATURE_CONTENT_UNEXPECTED: {
    status: 401,
    meaning: 'the signature covers something else than a document as a whole',
    ...signatureContentMismatch,
  },
  SIGNATURE_CONTENT_MISMATCH: {
    status: 401,
    meaning: 'the content is not what was signed',
    ...signatureContentMismatch,
  },
  SIGNATURE_ALGORITHM_FORBIDDEN: {
    status: 401,
    meaning: 'an algorithm or key is not on the allow-list (SHA-1, HMAC and weak keys never are)',
    ...signatureAlgorithm,
  },
  SIGNATURE_ALGORITHM_MISMATCH: {
    status: 401,
    meaning: 'the algorithm fields contradict the key or each other',
    ...signatureAlgorithm,
  },
  SIGNATURE_IS_A_LOGIN: {
    status: 422,
    meaning: 'what was signed is a login challenge and not a document',
    texts: {
      kk: {
        title: 'Бұл құжат қолтаңбасы емес, кіруге арналған қолтаңба.',
        detail: 'Кіруге арналған қолтаңба құжат астында ешқашан қабылданбайды. Құжаттың өзіне қол қойыңыз.',
      },
      ru: {
        title: 'Это подпись для входа, а не подпись документа.',
        detail: 'Подпись для входа никогда не принимается под документом. Подпишите сам документ.',
      },
      en: {
        title: 'This is a signature made to sign in, not a document signature.',
        detail: 'A sign-in signature is never accepted under a document. Sign the document itself.',
      },
    },
  },
  SIGNATURE_INVALID: {
    status: 401,
    meaning: 'the signature was not made with the key in the certificate, or something signed was changed',
    tone: 'alarm',
    texts: {
      kk: {
        title: 'Қолтаңба дұрыс емес.',
        detail:
          'Ол деректер мен кілтке сәйкес келмейді. Қайта қол қойыңыз; қайталанса, кілт бүлінген болуы мүмкін.',
      },
      ru: {
        title: 'Подпись неверна.',
        detail:
          'Она не соответствует данным и ключу. Подпишите ещё раз; если повторится, ключ может быть повреждён.',
      },
      en: {
        title: 'The signature is wrong.',
        detail:
          'It does not belong to this content and key. Sign again; if it repeats, the key may be damaged.',
      },
    },
  },
} satisfies Readonly<Record<Extract<ReasonCode, `SIGNATURE_${string}`>, Reason>>;
