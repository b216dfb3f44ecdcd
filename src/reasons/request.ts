/** What is wrong with a request as such. */
import { type Reason } from './reason.js';

export const request = {
  REQUEST_MALFORMED: {
    status: 400,
    meaning: 'the body is not JSON in UTF-8, or broke off',
    texts: {
      kk: {
        title: 'Сұрау денесі UTF-8 жүйесіндегі JSON емес.',
        detail: 'Сұрау денесін түзетіп, қайта жіберіңіз.',
      },
      ru: { title: 'Тело запроса не JSON в UTF-8.', detail: 'Исправьте тело запроса и отправьте ещё раз.' },
      en: { title: 'The request body is not JSON in UTF-8.', detail: 'Correct the body and send it again.' },
    },
  },
  REQUEST_INVALID: {
    status: 400,
    meaning: 'a field is missing, superfluous or of the wrong form; see `errors`',
    texts: {
      kk: {
        title: 'Сұрауда қажетті өрістер жоқ немесе артық.',
        detail: 'Өрістер `errors` ішінде аталған. API сипаттамасы: /openapi.json.',
      },
      ru: { title: 'В запросе не те поля.', detail: 'Поля названы в `errors`. Описание API: /openapi.json.' },
      en: {
        title: 'The request does not have the expected fields.',
        detail: 'See `errors` for the fields; /openapi.json describes the API.',
      },
    },
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    meaning: 'the body is larger than this address takes',
    texts: {
      kk: {
        title: 'Сұрау тым үлкен.',
        detail:
          'Аз дерек жіберіңіз: үлкен құжат үшін бөлек қолтаңба; кіру үшін NCALayer арқылы қайта қол қойыңыз.',
      },
      ru: {
        title: 'Запрос слишком велик.',
        detail:
          'Отправьте меньше: для большого документа — отсоединённую подпись; для входа подпишите ещё раз через NCALayer.',
      },
      en: {
        title: 'The request is too large.',
        detail: 'Send less: a detached signature of a large document; to sign in, sign again with NCALayer.',
      },
    },
  },
  REQUEST_MEDIA_TYPE: {
    status: 415,
    meaning: 'not `application/json`, another character set than UTF-8, or compressed',
    texts: {
      kk: {
        title: 'Мұндай деректер түрі мұнда қабылданбайды.',
        detail: 'UTF-8 жүйесіндегі application/json жіберіңіз, сығымдамаңыз.',
      },
      ru: {
        title: 'Такой тип данных здесь не принимается.',
        detail: 'Отправьте application/json в UTF-8 без сжатия.',
      },
      en: {
        title: 'The request has a media type that is not accepted here.',
        detail: 'Send application/json in UTF-8, without compression.',
      },
    },
  },
  REQUEST_ORIGIN: {
    status: 403,
    meaning: '`Origin` or `Sec-Fetch-Site` says that a page of another site sent it',
    texts: {
      kk: { title: 'Сұрау басқа сайттың бетінен келді.', detail: 'Кіру бетін өз мекенжайы бойынша ашыңыз.' },
      ru: {
        title: 'Запрос пришёл со страницы другого сайта.',
        detail: 'Откройте страницу входа по её собственному адресу.',
      },
      en: {
        title: 'The request came from a page of another site.',
        detail: 'Open the sign-in page at its own address.',
      },
    },
  },
  REQUEST_NOT_FOUND: {
    status: 404,
    meaning: 'there is nothing at this address',
    texts: {
      kk: {
        title: 'Бұл мекенжайда ештеңе жоқ.',
        detail: 'Сілтеме ескірген немесе мекенжай қате болуы мүмкін. API сипаттамасы: /openapi.json.',
      },
      ru: {
        title: 'По этому адресу ничего нет.',
        detail: 'Возможно, ссылка устарела или в адресе ошибка. Описание API: /openapi.json.',
      },
      en: {
        title: 'There is nothing at this address.',
        detail: 'The link may be out of date, or the address mistyped. /openapi.json describes the API.',
      },
    },
  },
  REQUEST_METHOD: {
    status: 405,
    meaning: 'the address has no such method; see `Allow`',
    texts: {
      kk: {
        title: 'Бұл әдіске қолдау көрсетілмейді.',
        detail: 'Қолдау көрсетілетін әдістер Allow тақырыбында аталған.',
      },
      ru: {
        title: 'Метод не поддерживается.',
        detail: 'Поддерживаемые методы перечислены в заголовке Allow.',
      },
      en: { title: 'The method is not supported.', detail: 'The Allow header lists the methods that are.' },
    },
  },
  REQUEST_METHOD_UNKNOWN: {
    status: 501,
    meaning: 'HTTP has no such method, or `CONNECT`, which is for proxies',
    texts: {
      kk: {
        title: 'HTTP-де мұндай әдіс жоқ.',
        detail: 'GET, POST, PATCH, PUT немесе DELETE жіберіңіз. API сипаттамасы: /openapi.json.',
      },
      ru: {
        title: 'В HTTP нет такого метода.',
        detail: 'Отправьте GET, POST, PATCH, PUT или DELETE. Описание API: /openapi.json.',
      },
      en: {
        title: 'HTTP has no such method.',
        detail: 'Send GET, POST, PATCH, PUT or DELETE as /openapi.json describes.',
      },
    },
  },
  REQUEST_HEADERS_TOO_LARGE: {
    status: 431,
    meaning: 'the headers are larger than 16 KB: usually cookies',
    texts: {
      kk: {
        title: 'Сұрау тақырыптары тым үлкен.',
        detail:
          'Осы сайттың cookie файлдарын жойып, тақырыптарды азырақ немесе қысқарақ жіберіңіз; шегі 16 КБ.',
      },
      ru: {
        title: 'Заголовки запроса слишком велики.',
        detail: 'Удалите cookie этого сайта и отправьте меньше заголовков или более короткие; предел 16 КБ.',
      },
      en: {
        title: 'The headers of the request are too large.',
        detail: 'Delete the cookies of this site and send fewer or shorter headers; 16 KB is the limit.',
      },
    },
  },
  REQUEST_TIMEOUT: {
    status: 408,
    meaning: 'headers or body did not arrive in time',
    texts: {
      kk: { title: 'Сұрау уақытында келмеді.', detail: 'Байланысты тексеріп, қайта жіберіңіз.' },
      ru: { title: 'Запрос не пришёл вовремя.', detail: 'Проверьте соединение и отправьте его снова.' },
      en: {
        title: 'The request did not arrive in time.',
        detail: 'Look at your connection and send it again.',
      },
    },
  },
} satisfies Readonly<Record<string, Reason>>;
