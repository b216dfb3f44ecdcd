import { type OperationName } from '../sessions/operation-name.js';

/** What is going to happen, in the words that stand in the text a person signs. */
export const OPERATION_TEXTS: Readonly<Record<OperationName, { readonly kk: string; readonly ru: string }>> =
  {
    'members.change': {
      kk: 'ұйым қызметкерлерінің тізімі мен рұқсатын өзгерту',
      ru: 'изменение состава и доступа сотрудников организации',
    },
    'roles.change': {
      kk: 'ұйымдағы рөлдер мен құқықтарды өзгерту',
      ru: 'изменение ролей и прав в организации',
    },
    'settings.change': {
      kk: 'ұйымның кіру баптауларын өзгерту',
      ru: 'изменение настроек входа организации',
    },
    'certificates.change': {
      kk: 'қызметкерлердің сертификаттарын мақұлдау немесе қайтарып алу',
      ru: 'одобрение или отзыв сертификатов сотрудников',
    },
    'password.set': { kk: 'құпиясөзді орнату', ru: 'установка пароля' },
    'personal-data.export': { kk: 'дербес деректерді көшіріп алу', ru: 'выгрузка персональных данных' },
    'platform.change': { kk: 'платформаның жұмысын өзгерту', ru: 'изменение работы платформы' },
  };
