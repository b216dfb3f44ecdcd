/** Input that cannot be read as a signature. */
import { type FormatCode } from '../eds/error.js';
import { type Reason, type Situation } from './reason.js';

const signatureUnreadable: Situation = {
  texts: {
    kk: {
      title: 'Қолтаңба оқылмайды.',
      detail:
        'Осы бетте қайталап көріңіз. Бағдарлама CMS қолтаңбасын NCALayer қайтарған күйінде жіберуі керек.',
    },
    ru: {
      title: 'Подпись не читается.',
      detail:
        'На этой странице попробуйте ещё раз. Программа должна передавать подпись CMS точно в том виде, в каком её вернул NCALayer.',
    },
    en: {
      title: 'The signature cannot be read.',
      detail:
        'On this page, try again. A program must send the CMS signature exactly as NCALayer returned it.',
    },
  },
};

const signatureTooLarge: Situation = {
  texts: {
    kk: {
      title: 'Қолтаңба рұқсат етілген көлемнен үлкен.',
      detail:
        'Ол тексерілген жоқ. Шектер docs/verdict.md құжатында; кіру үшін NCALayer арқылы қайта қол қойыңыз.',
    },
    ru: {
      title: 'Подпись больше допустимого размера.',
      detail:
        'Она не проверена. Пределы указаны в docs/verdict.md; для входа подпишите ещё раз через NCALayer.',
    },
    en: {
      title: 'The signature is larger than the limit.',
      detail:
        'It has not been judged. The limits stand in docs/verdict.md; to sign in, sign again with NCALayer.',
    },
  },
};

export const format = {
  FORMAT_UNRECOGNISED: {
    status: 422,
    meaning: 'the input is no signature, time-stamp, OCSP response, CRL or certificate',
    ...signatureUnreadable,
  },
  FORMAT_NOT_A_SIGNATURE: {
    status: 422,
    meaning: 'the input is not a signature: it is a certificate, a list, an answer or a container of keys',
    texts: {
      kk: {
        title: 'Жіберілгені қолтаңба емес.',
        detail:
          'Бұл сертификат, қайтарып алу тізімі, қызмет жауабы немесе кілт қоймасы. Қолтаңбаның өзін жіберіңіз, кілтті ешқашан жібермеңіз.',
      },
      ru: {
        title: 'Прислана не подпись.',
        detail:
          'Это сертификат, список отзыва, ответ службы или хранилище ключей. Передайте саму подпись и никогда не передавайте ключ.',
      },
      en: {
        title: 'What was sent is not a signature.',
        detail:
          'It is a certificate, a list, an answer or a container of keys. Send the signature itself, and never a key.',
      },
    },
  },
  FORMAT_NOT_SUPPORTED: {
    status: 422,
    meaning: 'signatures of this kind are not judged by this program; this one may be in order',
    who: 'operator',
    texts: {
      kk: {
        title: 'Мұндай түрдегі қолтаңба мұнда тексерілмейді.',
        detail:
          'Ол дұрыс болуы мүмкін, бірақ мұнда оны анықтау мүмкін емес. CMS қолтаңбасын немесе XML құжатының ішіндегі қолтаңбаны жіберіңіз.',
      },
      ru: {
        title: 'Подписи такого вида здесь не проверяются.',
        detail:
          'Возможно, с ней всё в порядке, но здесь это установить нельзя. Передайте подпись CMS или вложенную подпись XML.',
      },
      en: {
        title: 'Signatures of this kind are not judged here.',
        detail:
          'It may be in order, but it cannot be told here. Send a CMS signature or an enveloped XML signature.',
      },
    },
  },
  FORMAT_TOO_LARGE: {
    status: 422,
    meaning: 'the input is larger than the limit and has not been judged',
    ...signatureTooLarge,
  },
  ASN1_TRUNCATED: { status: 422, meaning: 'the data ends before it should', ...signatureUnreadable },
  ASN1_TRAILING_BYTES: {
    status: 422,
    meaning: 'there are bytes after the end of the data',
    ...signatureUnreadable,
  },
  ASN1_TOO_DEEP: { status: 422, meaning: 'the data is nested deeper than allowed', ...signatureTooLarge },
  ASN1_TOO_LARGE: { status: 422, meaning: 'the data is larger than allowed', ...signatureTooLarge },
  ASN1_NOT_MINIMAL: {
    status: 422,
    meaning: 'a length or number is not encoded in its one right form',
    ...signatureUnreadable,
  },
  ASN1_UNEXPECTED: {
    status: 422,
    meaning: 'the data holds something else than it should at this place',
    ...signatureUnreadable,
  },
  PEM_MALFORMED: { status: 422, meaning: 'the PEM or base64 text is damaged', ...signatureUnreadable },
  CERTIFICATE_MALFORMED: { status: 422, meaning: 'a certificate cannot be read', ...signatureUnreadable },
  CMS_MALFORMED: { status: 422, meaning: 'the CMS message cannot be read', ...signatureUnreadable },
  CRL_MALFORMED: { status: 422, meaning: 'the CRL cannot be read', ...signatureUnreadable },
  OCSP_MALFORMED: { status: 422, meaning: 'the OCSP response cannot be read', ...signatureUnreadable },
  TIMESTAMP_MALFORMED: { status: 422, meaning: 'the time-stamp cannot be read', ...signatureUnreadable },
  XML_MALFORMED: {
    status: 422,
    meaning: 'the XML is not well formed or uses what is not allowed in a signed document',
    ...signatureUnreadable,
  },
} satisfies Readonly<Record<FormatCode, Reason>>;
