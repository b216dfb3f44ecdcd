/** What the authority says of a certificate, or why it could not be asked. */
import { type ReasonCode } from '../eds/error.js';
import { type Reason, type Situation } from './reason.js';

const revocationUnavailable: Situation = {
  who: 'authority',
  texts: {
    kk: {
      title: 'Сертификаттың қайтарып алынбағанын қазір тексеру мүмкін емес.',
      detail:
        'ҚР ҰКО жауап бермеді. Бірнеше минуттан кейін қайталаңыз; кілтіңізде ақау бар деуге негіз жоқ. Құпиясөзіңіз болса, онымен де кіруге болады.',
    },
    ru: {
      title: 'Сейчас нельзя проверить, не отозван ли сертификат.',
      detail:
        'НУЦ РК не ответил. Повторите через несколько минут; с вашим ключом, насколько известно, всё в порядке. Если у вас есть пароль, войти можно и с ним.',
    },
    en: {
      title: 'It cannot be checked now whether the certificate is revoked.',
      detail:
        'НУЦ РК did not answer. Try again in a few minutes; as far as is known, your key is fine. If you have a password, you can sign in with that.',
    },
  },
};

const revocationUntrustworthy: Situation = {
  who: 'operator',
  texts: {
    kk: {
      title: 'Сертификат күйі туралы жауапқа сенуге болмайды.',
      detail:
        'Бірнеше минуттан кейін қайталаңыз. Тағы болса, сұрау нөмірін қауіпсіздік қызметіне хабарлаңыз.',
    },
    ru: {
      title: 'Ответу о состоянии сертификата нельзя доверять.',
      detail:
        'Попробуйте через несколько минут. Если повторится, сообщите службе безопасности номер запроса.',
    },
    en: {
      title: 'The answer about the certificate cannot be trusted.',
      detail: 'Try again in a few minutes. If it repeats, tell your security team the request number.',
    },
  },
};

export const revocation = {
  CERTIFICATE_REVOKED: {
    status: 401,
    meaning: 'the certificate is revoked',
    tone: 'alarm',
    who: 'authority',
    texts: {
      kk: {
        title: 'Сертификат кері қайтарып алынған.',
        detail:
          'Бұл кілтті енді қолдануға болмайды. Басқасын таңдаңыз немесе egov.kz порталында жаңасын алыңыз. Сертификатты өзіңіз қайтарып алмаған болсаңыз, себебін ҚР ҰКО-дан біліңіз (байланыс орталығы 1414).',
      },
      ru: {
        title: 'Сертификат отозван.',
        detail:
          'Этим ключом больше пользоваться нельзя. Выберите другой или получите новый на egov.kz. Если вы не отзывали сертификат, узнайте причину в НУЦ РК (контакт-центр 1414).',
      },
      en: {
        title: 'The certificate has been revoked.',
        detail:
          'This key cannot be used any more. Choose another, or get a new one at egov.kz. If you did not revoke it, ask НУЦ РК why (contact centre 1414).',
      },
    },
  },
  CERTIFICATE_ON_HOLD: {
    status: 401,
    meaning: 'the certificate is suspended for the time being',
    who: 'authority',
    texts: {
      kk: {
        title: 'Сертификаттың қолданылуы тоқтатыла тұрған.',
        detail: 'ҚР ҰКО оны уақытша тоқтатқан. Кейінірек қайталаңыз немесе басқа кілтті таңдаңыз.',
      },
      ru: {
        title: 'Действие сертификата приостановлено.',
        detail: 'НУЦ РК временно приостановил его. Попробуйте позже или выберите другой ключ.',
      },
      en: {
        title: 'The certificate is on hold.',
        detail: 'НУЦ РК has suspended it for now. Try again later or choose another key.',
      },
    },
  },
  CERTIFICATE_NOT_ISSUED: {
    status: 401,
    meaning: 'the CA says that it never issued this certificate',
    tone: 'alarm',
    who: 'authority',
    texts: {
      kk: {
        title: 'ҚР ҰКО мұндай сертификат бермегенін айтады.',
        detail:
          'Бұл кілтті қолданбаңыз. Оны ресми түрде алған болсаңыз, ҚР ҰКО мен қауіпсіздік қызметіне хабарлаңыз.',
      },
      ru: {
        title: 'НУЦ РК отвечает, что такого сертификата не выдавал.',
        detail:
          'Не используйте этот ключ. Если вы получили его официально, сообщите в НУЦ РК и службе безопасности.',
      },
      en: {
        title: 'НУЦ РК says it never issued this certificate.',
        detail: 'Do not use this key. If you got it officially, report it to НУЦ РК and your security team.',
      },
    },
  },
  REVOCATION_UNKNOWN: {
    status: 401,
    meaning: 'the CA does not know this certificate',
    who: 'authority',
    texts: {
      kk: {
        title: 'ҚР ҰКО бұл сертификатты білмейді.',
        detail: 'Ол жаңа ғана берілген болса, бір сағаттан кейін қайталаңыз. Әйтпесе басқа кілтті таңдаңыз.',
      },
      ru: {
        title: 'НУЦ РК не знает этого сертификата.',
        detail: 'Если он выдан только что, попробуйте через час. Иначе выберите другой ключ.',
      },
      en: {
        title: 'НУЦ РК does not know this certificate.',
        detail: 'If it was issued just now, try again in an hour. Otherwise choose another key.',
      },
    },
  },
  REVOCATION_UNAVAILABLE: {
    status: 503,
    meaning: 'it could not be found out whether the certificate is revoked',
    ...revocationUnavailable,
  },
  OCSP_SIGNATURE_INVALID: {
    status: 503,
    meaning: 'the OCSP response is not signed by its responder',
    ...revocationUntrustworthy,
  },
  OCSP_RESPONDER_UNAUTHORISED: {
    status: 503,
    meaning: 'the OCSP responder may not speak for this CA',
    ...revocationUntrustworthy,
  },
  OCSP_CERT_ID_MISMATCH: {
    status: 503,
    meaning: 'the OCSP response is about another certificate',
    ...revocationUntrustworthy,
  },
  OCSP_NONCE_MISMATCH: {
    status: 503,
    meaning: 'the OCSP response does not answer our question',
    ...revocationUntrustworthy,
  },
  OCSP_STALE: {
    status: 503,
    meaning: 'the OCSP response is too old or from the future',
    ...revocationUnavailable,
  },
  OCSP_TRY_LATER: {
    status: 503,
    meaning: 'the OCSP responder is busy or refuses to answer',
    ...revocationUnavailable,
  },
  OCSP_UNUSABLE: { status: 503, meaning: 'the OCSP response cannot be used', ...revocationUnavailable },
  CRL_SIGNATURE_INVALID: {
    status: 503,
    meaning: 'the CRL is not signed by the CA',
    ...revocationUntrustworthy,
  },
  CRL_STALE: { status: 503, meaning: 'the CRL is out of date', ...revocationUnavailable },
  CRL_UNUSABLE: { status: 503, meaning: 'the CRL cannot be used', ...revocationUnavailable },
} satisfies Readonly<
  Record<
    | Extract<ReasonCode, `${'REVOCATION' | 'OCSP' | 'CRL'}_${string}`>
    | 'CERTIFICATE_REVOKED'
    | 'CERTIFICATE_ON_HOLD'
    | 'CERTIFICATE_NOT_ISSUED',
    Reason
  >
>;
