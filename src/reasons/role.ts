/** Changes to roles that cannot be made. */
import { type Reason } from './reason.js';

export const role = {
  ROLE_EXISTS: {
    status: 409,
    meaning: 'a role of this name was defined at the same moment',
    texts: {
      kk: {
        title: 'Мұндай атауы бар рөл бұрыннан бар.',
        detail: 'Рөлдер тізімін жаңартып, сол рөлді өзгертіңіз немесе басқа атау таңдаңыз.',
      },
      ru: {
        title: 'Роль с таким именем уже есть.',
        detail: 'Обновите список ролей и измените её или выберите другое имя.',
      },
      en: {
        title: 'There is already a role of this name.',
        detail: 'Reload the list of roles and change that one, or choose another name.',
      },
    },
  },
  ROLE_BUILT_IN: {
    status: 409,
    meaning: 'the role `manager` is neither changed nor deleted',
    texts: {
      kk: {
        title: 'Бұл рөл жүйеге енгізілген.',
        detail: 'Оны өзгертуге де, жоюға да болмайды; өз рөліңізді жасаңыз.',
      },
      ru: {
        title: 'Эта роль встроенная.',
        detail: 'Её нельзя изменить или удалить; заведите собственную роль.',
      },
      en: {
        title: 'This role is built in.',
        detail: 'It can be neither changed nor deleted; define a role of your own.',
      },
    },
  },
  ROLE_IN_USE: {
    status: 409,
    meaning: 'members still have the role',
    texts: {
      kk: {
        title: 'Бұл рөл әлі де қызметкерлерде бар.',
        detail: 'Алдымен оны олардан алып, содан кейін жойыңыз.',
      },
      ru: { title: 'Эта роль ещё есть у сотрудников.', detail: 'Сначала снимите её с них, затем удалите.' },
      en: { title: 'Members still have this role.', detail: 'Take it from them first, then delete it.' },
    },
  },
  ROLE_LIMIT: {
    status: 409,
    meaning: 'more roles or permissions than an organisation, a member or a role may have',
    texts: {
      kk: {
        title: 'Рөлдер немесе рұқсаттар рұқсат етілгеннен көп.',
        detail: 'Енді керек еместерін алып тастаңыз.',
      },
      ru: {
        title: 'Ролей или разрешений больше, чем допускается.',
        detail: 'Уберите те, что больше не нужны.',
      },
      en: {
        title: 'That is more roles or permissions than are allowed.',
        detail: 'Remove some that are not needed any more.',
      },
    },
  },
} satisfies Readonly<Record<string, Reason>>;
