/** What keeps the gateway itself from answering. */
import { type Reason } from './reason.js';

export const service = {
  RATE_LIMITED: {
    status: 429,
    meaning: 'too many requests from this address or network, on this account, or in all; see `Retry-After`',
    texts: {
      kk: {
        title: 'Сұрау тым көп.',
        detail: 'Біраз күтіп, қайталап көріңіз. ЭЦҚ арқылы кірудің шектеулері бөлек.',
      },
      ru: {
        title: 'Слишком много запросов.',
        detail: 'Немного подождите и попробуйте снова. У входа с ЭЦП свои ограничения.',
      },
      en: {
        title: 'There were too many requests.',
        detail: 'Wait a little and try again. Sign-in with an EDS has limits of its own.',
      },
    },
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    meaning: 'a store or the audit log did not take the request; nothing was decided',
    who: 'operator',
    texts: {
      kk: {
        title: 'Қызмет қазір қолжетімсіз.',
        detail: 'Ештеңе өзгерген жоқ. Бірнеше минуттан кейін қайталаңыз.',
      },
      ru: {
        title: 'Служба сейчас недоступна.',
        detail: 'Ничего не изменилось. Попробуйте через несколько минут.',
      },
      en: {
        title: 'The service is not available at the moment.',
        detail: 'Nothing was changed. Try again in a few minutes.',
      },
    },
  },
  VERIFIER_BUSY: {
    status: 503,
    meaning: 'more signatures wait to be judged than can be soon; see `Retry-After`',
    who: 'operator',
    texts: {
      kk: {
        title: 'Қазір тексеріліп жатқан қолтаңба тым көп.',
        detail: 'Ештеңе жұмсалған жоқ. Бірнеше секундтан кейін қайталаңыз.',
      },
      ru: {
        title: 'Сейчас проверяется слишком много подписей.',
        detail: 'Ничего не израсходовано. Повторите через несколько секунд.',
      },
      en: {
        title: 'Too many signatures are being checked at the moment.',
        detail: 'Nothing was used up. Try again in a few seconds.',
      },
    },
  },
  GATEWAY_FULL: {
    status: 503,
    meaning: 'more connections are open than the system allows (`ulimit -n`); see `Retry-After`',
    who: 'operator',
    texts: {
      kk: {
        title: 'Қазір ашық қосылым тым көп.',
        detail: 'Ештеңе жұмсалған жоқ. Қажетсіз қосылымдарды жауып, бірнеше секундтан кейін қайталаңыз.',
      },
      ru: {
        title: 'Сейчас открыто слишком много соединений.',
        detail: 'Ничего не израсходовано. Закройте ненужные соединения и повторите через несколько секунд.',
      },
      en: {
        title: 'Too many connections are open at the moment.',
        detail: 'Nothing was used up. Close connections you do not need and try again in a few seconds.',
      },
    },
  },
  GATEWAY_BUSY: {
    status: 503,
    meaning: 'bodies or passwords wait for as much room as there is; see `Retry-After`',
    who: 'operator',
    texts: {
      kk: {
        title: 'Дәл қазір мұндай сұраулар тым көп.',
        detail: 'Ештеңе өзгерген жоқ. Бірнеше секундтан кейін қайталаңыз.',
      },
      ru: {
        title: 'Сейчас таких запросов слишком много.',
        detail: 'Ничего не изменилось. Повторите через несколько секунд.',
      },
      en: {
        title: 'There are too many such requests at the moment.',
        detail: 'Nothing was changed. Try again in a few seconds.',
      },
    },
  },
  INTERNAL: {
    status: 500,
    meaning: 'a defect of the gateway; `place` in the log line of the request leads to it',
    who: 'operator',
    texts: {
      kk: {
        title: 'Серверде қате болды.',
        detail: 'Қайталап көріңіз. Көмектеспесе, сұрау нөмірін әкімшіге хабарлаңыз.',
      },
      ru: {
        title: 'Ошибка на сервере.',
        detail: 'Повторите попытку. Если не поможет, сообщите администратору номер запроса.',
      },
      en: {
        title: 'Something went wrong on the server.',
        detail: 'Try again. If that does not help, give the request number to your administrator.',
      },
    },
  },
} satisfies Readonly<Record<string, Reason>>;
