import { type IncomingMessage, type RequestListener } from 'node:http';
import { type LabKey } from '../../lab/index.js';
import { nameOf } from './cast.js';
import { type IssuedKey } from './laboratory.js';

/** Stands in for NCALayer's own window: a page on the double's port where one chooses whose key signs. */
export interface KeyChooser {
  /** Serves the page. */
  readonly listener: RequestListener;
  /** The chosen key if it is among those offered; a request that filters for somebody else gets the first that fits. */
  choose(offered: readonly LabKey[]): Promise<LabKey | null>;
}

const MAX_BODY = 1024;

/** @param keys at least one; the first is chosen until somebody chooses another */
export function createKeyChooser(keys: readonly IssuedKey[]): KeyChooser {
  let chosen = keys[0]?.key.id ?? null;
  return {
    listener: (request, response) => {
      void (async () => {
        if (request.method === 'POST') {
          const wanted = new URLSearchParams(await bodyOf(request)).get('key');
          if (wanted === 'cancel') chosen = null;
          else if (keys.some(({ key }) => key.id === wanted)) chosen = wanted;
          response.writeHead(303, { location: '/' }).end();
          return;
        }
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
        });
        response.end(page(keys, chosen));
      })().catch(() => {
        response.destroy();
      });
    },
    choose(offered) {
      if (chosen === null) return Promise.resolve(null);
      return Promise.resolve(offered.find(({ id }) => id === chosen) ?? offered[0] ?? null);
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MAX_BODY) throw new Error('the form is larger than any this page sends');
  }
  return body;
}

const KINDS: Readonly<Record<IssuedKey['cast']['kind'], string>> = {
  head: 'первый руководитель',
  'signing-right': 'право подписи',
  finance: 'право подписи финансовых документов',
  hr: 'кадровая служба',
  employee: 'сотрудник',
  individual: 'физическое лицо',
  'information-system': 'информационная система',
};

const DEFECTS = { expired: 'истёк', revoked: 'отозван' } as const;

function page(keys: readonly IssuedKey[], chosen: string | null): string {
  const rows = keys.map(({ member, cast, key }) => {
    const notes = [KINDS[cast.kind], key.algorithm];
    if (cast.defect !== undefined) notes.push(DEFECTS[cast.defect]);
    else if (member.roles === null) notes.push('нет учётной записи');
    return row(key.id, nameOf(member), notes.join(' · '), key.id === chosen);
  });
  rows.push(row('cancel', 'Отмена', 'как будто окно NCALayer закрыли', chosen === null));
  return `<!doctype html>
<html lang="ru">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Двойник NCALayer: чей ключ подписывает</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
  label { display: block; padding: .5rem .75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem; margin: .4rem 0 }
  small { display: block; padding-left: 1.6rem; opacity: .75 }
  button { font: inherit; padding: .5rem 1.25rem; margin-top: .75rem }
</style>
<h1>Двойник NCALayer</h1>
<p>Здесь выбирают, чей ключ подпишет следующий запрос. Ключи сделаны при запуске и исчезнут вместе с ним.</p>
<form method="post" action="/">
${rows.join('\n')}
<button type="submit">Подписывать этим ключом</button>
</form>
</html>
`;
}

function row(value: string, title: string, note: string, checked: boolean): string {
  return `<label><input type="radio" name="key" value="${value}"${checked ? ' checked' : ''}> ${title}<small>${note}</small></label>`;
}
