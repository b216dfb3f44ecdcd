import { randomBytes } from 'node:crypto';
import { concat, toPem } from '../der.js';
import { type LabKey } from '../lab-key.js';
import { signXml } from '../xml/xmldsig.js';
import { offeredKeys } from './key-filter.js';
import { BASICS_CANCELLED, basicsError, type JsonObject, MODULE_NOT_FOUND } from './protocol.js';
import { readSignArguments, type SignArguments, SignArgumentsError } from './sign-arguments.js';
import { type NcalayerState } from './state.js';

export const BASICS = 'kz.gov.pki.knca.basics';

/** Answers a request to kz.gov.pki.knca.basics; `sign` is the only method the double has. */
export async function answerBasics(request: JsonObject, state: NcalayerState): Promise<unknown> {
  if (request['method'] !== 'sign') return MODULE_NOT_FOUND;
  let wanted: SignArguments;
  try {
    wanted = readSignArguments(request['args']);
  } catch (error) {
    if (!(error instanceof SignArgumentsError)) throw error;
    return basicsError('INVALID_SIGNING_PARAMS', 'Неверные параметры подписи', error.message);
  }
  const refused = refusal(state);
  if (refused !== null) return refused;
  const key = await signer(wanted, state);
  if (key === null) return BASICS_CANCELLED;
  try {
    const signatures = await Promise.all(wanted.data.map((data) => signature(key, data, wanted, state)));
    return { status: true, body: { result: shaped(signatures, key, wanted, state) } };
  } catch (error) {
    return basicsError('SIGNING_FAILURE', 'Ошибка подписи', error instanceof Error ? error.message : '');
  }
}

/** Answers that do not depend on the key. */
function refusal({ mode }: NcalayerState): unknown {
  const answers: Partial<Record<NcalayerState['mode'], unknown>> = {
    cancel: BASICS_CANCELLED,
    'cancel-message': { status: false, message: 'action.canceled' },
    'cancel-code': { status: false, code: 'USER_CANCELED', message: 'Операция отменена пользователем' },
    error: basicsError('SIGNING_FAILURE', 'Ошибка подписи', 'java.security.UnrecoverableKeyException'),
    'general-error': basicsError('GENERAL_ERROR', 'Внутренняя ошибка', 'java.lang.NullPointerException'),
  };
  return answers[mode] ?? null;
}

async function signer(wanted: SignArguments, state: NcalayerState): Promise<LabKey | null> {
  const offered = offeredKeys(state.keys, wanted);
  if (state.mode === 'wrong-key')
    return state.keys.find((key) => !offered.includes(key)) ?? offered.at(-1) ?? null;
  const now = state.lab.now();
  const shown =
    state.hideExpired && !wanted.allowExpired
      ? offered.filter(({ facts }) => facts.notBefore <= now && now <= facts.notAfter)
      : offered;
  return state.choose(shown);
}

async function signature(
  key: LabKey,
  given: Uint8Array,
  wanted: SignArguments,
  { lab, mode }: NcalayerState,
): Promise<string> {
  if (mode === 'garbage-result') return randomBytes(96).toString('base64');
  const data = mode === 'other-bytes' ? concat([given, Uint8Array.of(0x20)]) : given;
  if (wanted.format === 'xml') return signXml(key, Buffer.from(data).toString('utf8'));
  if (wanted.format === 'raw') {
    const value = wanted.digested ? key.privateKey.signDigest(data) : key.privateKey.sign(data);
    return Buffer.from(value).toString('base64');
  }
  const detached = wanted.encapsulate === (mode === 'wrong-encapsulation');
  const cms = await lab.signCms(key, data, {
    detached,
    digested: wanted.digested,
    ...(wanted.timestamp ? { timestamp: timestampFor(lab) } : {}),
  });
  return toPem('CMS', cms);
}

/** НУЦ РК's TSA does not follow the key of the signature; the double takes its newest. */
function timestampFor(lab: NcalayerState['lab']): {
  algorithm: NcalayerState['lab']['hierarchies'][number]['algorithm'];
} {
  const algorithms = lab.hierarchies.map(({ algorithm }) => algorithm);
  const algorithm = algorithms.includes('gost2015-512') ? 'gost2015-512' : algorithms[0];
  if (algorithm === undefined) throw new Error('no time-stamping authority');
  return { algorithm };
}

function shaped(
  signatures: readonly string[],
  key: LabKey,
  { outputCertificate, many }: SignArguments,
  { shape }: NcalayerState,
): unknown {
  if (outputCertificate || shape === 'object') return { signatures, certificate: key.certificatePem };
  return shape === 'string' && !many ? signatures[0] : signatures;
}
