/** What a person accepts and how they are reached. */
import { type Reason } from './reason.js';

export const terms = {
  TERMS_OTHER_PERSON: {
    status: 403,
    meaning: 'the terms were signed with the key of another person',
    texts: {
      kk: { title: 'Қол қойған кілт сіздікі емес.', detail: 'Шарттарды өз кілтіңізбен қабылдаңыз.' },
      ru: {
        title: 'Подписано ключом другого человека.',
        detail: 'Примите условия своим собственным ключом.',
      },
      en: {
        title: 'The key of another person signed this.',
        detail: 'Accept the terms with a key of your own.',
      },
    },
  },
  TERMS_OUTDATED: {
    status: 409,
    meaning: 'a newer version came into force after the challenge was issued',
    way: 'reload',
    texts: {
      kk: {
        title: 'Осы арада шарттардың жаңа нұсқасы күшіне енді.',
        detail: 'Жаңа нұсқасын оқып, қол қойыңыз.',
      },
      ru: {
        title: 'Тем временем вступила в силу новая версия условий.',
        detail: 'Прочитайте новую версию и подпишите её.',
      },
      en: {
        title: 'A new version of the terms came into force meanwhile.',
        detail: 'Read the new version and sign that.',
      },
    },
  },
  CONTACT_MALFORMED: {
    status: 422,
    meaning: 'an e-mail address or telephone number has an unknown form',
    texts: {
      kk: {
        title: 'Электрондық пошта немесе телефон дұрыс жазылмаған.',
        detail: 'Пошта name@example.kz, телефон +77011234567 түрінде болсын.',
      },
      ru: {
        title: 'Электронная почта или телефон указаны неверно.',
        detail: 'Почта — в виде name@example.kz, телефон — в виде +77011234567.',
      },
      en: {
        title: 'The e-mail address or telephone number is not right.',
        detail: 'An address looks like name@example.kz, a number like +77011234567.',
      },
    },
  },
} satisfies Readonly<Record<string, Reason>>;
