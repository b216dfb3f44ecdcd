/** What is wrong with a password. */
import { type Reason } from './reason.js';

export const password = {
  PASSWORD_WRONG: {
    status: 401,
    meaning: 'unknown IIN, no password, or a wrong one: one answer for all',
    texts: {
      kk: {
        title: 'ЖСН немесе құпиясөз қате.',
        detail:
          'Пернетақта тілі мен Caps Lock пернесін тексеріңіз. Қатарынан {attempts} қатеден кейін тек ЭЦҚ арқылы кіруге болады.',
      },
      ru: {
        title: 'Неверный ИИН или пароль.',
        detail:
          'Проверьте раскладку и Caps Lock. После {attempts:ошибки|ошибок} подряд останется только вход с ЭЦП.',
      },
      en: {
        title: 'IIN or password is wrong.',
        detail:
          'Check the keyboard layout and Caps Lock. After {attempts:wrong attempt|wrong attempts} in a row only the EDS works.',
      },
    },
  },
  PASSWORD_BLOCKED: {
    status: 423,
    meaning:
      'QAQPA_PASSWORD_ATTEMPTS wrong ones in a row, lifted by an EDS sign-in; or a password that is being tried on many people, refused until an hour after the last try',
    tone: 'alarm',
    texts: {
      kk: {
        title: 'Құпиясөзбен кіру бұғатталған.',
        detail:
          'ЭЦҚ арқылы кіріңіз: бұл бұғатты алып тастайды. Егер дәл осы құпиясөзбен қазір көп адамның атынан кіруге тырысып жатса, оны ауыстырыңыз.',
      },
      ru: {
        title: 'Вход по паролю заблокирован.',
        detail:
          'Войдите с ЭЦП: это снимет блокировку. Если этим самым паролем сейчас пытаются войти за многих людей, смените его.',
      },
      en: {
        title: 'Sign-in with a password is blocked.',
        detail:
          'Sign in with your EDS: that lifts the block. If many people are being attacked with this very password, choose another.',
      },
    },
  },
  PASSWORD_LAPSED: {
    status: 403,
    meaning:
      'right, but set by an operator and not used in time; sign in with an EDS or have another one set',
    who: 'operator',
    texts: {
      kk: {
        title: 'Уақытша құпиясөз енді жарамсыз.',
        detail:
          'Ол сізге орнатылған, бірақ мерзімінде пайдаланылмады. ЭЦҚ арқылы кіріңіз немесе әкімшіден жаңасын сұраңыз.',
      },
      ru: {
        title: 'Временный пароль больше не действует.',
        detail:
          'Его задали для вас, и им не воспользовались вовремя. Войдите с ЭЦП или попросите администратора задать новый.',
      },
      en: {
        title: 'The temporary password does not work any more.',
        detail:
          'It was set for you and not used in time. Sign in with your EDS, or ask the administrator for another one.',
      },
    },
  },
  PASSWORD_CURRENT_WRONG: {
    status: 403,
    meaning: 'the current password given for a change is wrong; it counts towards the block',
    texts: {
      kk: {
        title: 'Ағымдағы құпиясөз қате.',
        detail:
          'Қайталап көріңіз. Қатарынан {attempts} қате әрекеттен кейін құпиясөзбен кіру ЭЦҚ арқылы кіргенге дейін бұғатталады.',
      },
      ru: {
        title: 'Текущий пароль неверен.',
        detail:
          'Попробуйте ещё раз. После {attempts:неверной попытки|неверных попыток} подряд вход по паролю блокируется до входа с ЭЦП.',
      },
      en: {
        title: 'The current password is wrong.',
        detail:
          'Try again. After {attempts:wrong attempt|wrong attempts} in a row passwords are blocked until you sign in with your EDS.',
      },
    },
  },
  PASSWORD_RULES_BROKEN: {
    status: 422,
    meaning:
      'a new password breaks rules; `broken` names them (`too-short`, `too-long`, `character-classes`, `context`, `common`, `breached`, `reused`)',
    texts: {
      kk: {
        title: 'Жаңа құпиясөз ережелерге сай емес.',
        detail:
          'Басқа құпиясөз ойлап табыңыз. Бұзылған ережелер `broken` өрісінде, барлық ережені GET /v1/password-rules береді.',
      },
      ru: {
        title: 'Новый пароль не соответствует правилам.',
        detail:
          'Придумайте другой пароль. Нарушенные правила названы в `broken`, все правила даёт GET /v1/password-rules.',
      },
      en: {
        title: 'The new password does not meet the rules.',
        detail:
          'Choose another password. `broken` names the rules that are broken, GET /v1/password-rules lists all.',
      },
    },
  },
} satisfies Readonly<Record<string, Reason>>;
