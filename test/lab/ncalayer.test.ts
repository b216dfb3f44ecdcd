import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import {
  createLaboratory,
  type Laboratory,
  type LabKey,
  type NcalayerDouble,
  type NcalayerMode,
  startNcalayerDouble,
} from '../../src/lab/index.js';
import { type OpenSsl, openOpenSsl } from './openssl.js';

const NOW = new Date('2026-11-23T06:00:00Z');
const [MAN, WOMAN, BIN] = ['900101300017', '910202400029', '240140000017'];
const GREETING = { result: { version: '1.4' } };

let openssl: OpenSsl;
let lab: Laboratory;
let person: LabKey;
let employee: LabKey;
let auth: LabKey;
let double: NcalayerDouble;
let socket: Client;

/** A plain client: sends text, takes frames in order. */
interface Client {
  ask(request: unknown): Promise<unknown>;
  send(text: string): void;
  next(): Promise<unknown>;
  close(): void;
  readonly closed: Promise<void>;
}

async function connect(url: string, ca?: string): Promise<Client> {
  const ws = new WebSocket(url, ca ? { ca } : {});
  const frames: string[] = [];
  const waiting: ((frame: string) => void)[] = [];
  ws.on('message', (data: Buffer) => {
    const frame = data.toString();
    const taker = waiting.shift();
    if (taker) taker(frame);
    else frames.push(frame);
  });
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('error', reject);
  });
  const next = async (): Promise<unknown> => {
    const frame = frames.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve)));
    return frame.startsWith('{') ? JSON.parse(frame) : frame;
  };
  return {
    next,
    send: (text) => {
      ws.send(text);
    },
    ask(request) {
      ws.send(JSON.stringify(request));
      return next();
    },
    close: () => {
      ws.close();
    },
    closed: new Promise((resolve) =>
      ws.once('close', () => {
        resolve();
      }),
    ),
  };
}

beforeAll(async () => {
  openssl = openOpenSsl();
  lab = await createLaboratory({ now: NOW, algorithms: ['rsa-2048', 'gost2015-512'] });
  person = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048', iin: MAN });
  employee = await lab.issue({ kind: 'employee', algorithm: 'gost2015-512', iin: WOMAN, bin: BIN });
  auth = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048', iin: MAN, usage: 'auth' });
  double = await startNcalayerDouble(lab, { keys: [person, employee, auth], slowMs: 20 });
  socket = await connect(double.url);
  await socket.next();
});
afterEach(() => {
  double.behave('honest');
  double.shapeResults('array');
  double.select(null);
});
afterAll(async () => {
  await double.close();
  openssl.close();
});

const content = Buffer.from('Кіру: сынақ\n');

function sign(signerParams: object = {}, signingParams: object = {}, more: object = {}): unknown {
  return {
    module: 'kz.gov.pki.knca.basics',
    method: 'sign',
    args: {
      allowedStorages: ['PKCS12'],
      format: 'cms',
      data: content.toString('base64'),
      signingParams: { decode: true, encapsulate: true, digested: false, tsaProfile: null, ...signingParams },
      signerParams,
      locale: 'ru',
      ...more,
    },
  };
}

async function result(request: unknown): Promise<string> {
  const answer = (await socket.ask(request)) as { status: boolean; body: { result: string[] } };
  expect(answer.status).toBe(true);
  return answer.body.result[0]!;
}

/** What OpenSSL extracts from the CMS after verifying it under the RSA root; its complaint otherwise. */
function opened(pem: string, ...options: readonly string[]): string {
  const { root, issuing } = lab.hierarchy('rsa-2048');
  const anchors = openssl.file('anchors.pem', root.certificatePem + issuing.certificatePem);
  const cms = openssl.file('signature.pem', pem);
  const at = ['-attime', String(NOW.getTime() / 1000)];
  return openssl
    .say('cms', '-verify', '-binary', '-inform', 'PEM', '-in', cms, '-CAfile', anchors, ...at, ...options)
    .replace(/CMS Verification successful\n/, '');
}

const signedBy = (pem: string, key: LabKey): boolean =>
  Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64').includes(Buffer.from(key.certificate));

describe('the NCALayer double, on the wire', () => {
  it('greets with its version and repeats that to a heartbeat', async () => {
    const client = await connect(double.url);
    expect(await client.next()).toEqual(GREETING);
    client.send('--heartbeat--');
    expect(await client.next()).toEqual(GREETING);
    client.close();
  });

  it('speaks wss with its own certificate', async () => {
    const secure = await startNcalayerDouble(await createLaboratory({ algorithms: ['gost2015-512'] }), {
      tls: true,
    });
    const client = await connect(secure.url, secure.tlsCertificatePem!);
    expect(await client.next()).toEqual(GREETING);
    client.close();
    await secure.close();
  });

  it('answers in order, one request after the other', async () => {
    const client = await connect(double.url);
    await client.next();
    double.behave('slow');
    client.send(JSON.stringify(sign({ iin: MAN })));
    client.send(JSON.stringify({ module: 'kz.gov.pki.knca.nothing', method: 'x' }));
    expect(await client.next()).toMatchObject({ status: true });
    expect(await client.next()).toEqual({ success: false, errorCode: 'MODULE_NOT_FOUND' });
    client.close();
  });

  it('does not know the modules of other programs', async () => {
    const probe = { module: 'kz.digiflow.mobile.extensions', method: 'getVersion' };
    expect(await socket.ask(probe)).toEqual({ success: false, errorCode: 'MODULE_NOT_FOUND' });
  });
});

describe('kz.gov.pki.knca.basics sign', () => {
  it('makes a PEM with the label CMS that OpenSSL verifies, with the decoded content inside', async () => {
    const pem = await result(sign({ iin: MAN }));
    expect(pem).toMatch(/^-----BEGIN CMS-----\n/);
    expect(opened(pem)).toBe(content.toString());
  });

  it('signs the text itself when decode is not true', async () => {
    for (const decode of [false, 'true', undefined]) {
      expect(opened(await result(sign({ iin: MAN }, { decode })))).toBe(content.toString('base64'));
    }
  });

  it('makes a detached signature when encapsulate is false', async () => {
    const pem = await result(sign({ iin: MAN }, { encapsulate: false }));
    expect(opened(pem, '-content', openssl.file('content', content))).toBe(content.toString());
    expect(opened(pem)).not.toContain('Кіру');
  });

  it('adds a time-stamp when there is a tsaProfile', async () => {
    const pem = await result(sign({ iin: MAN }, { tsaProfile: {} }));
    expect(
      openssl.say('cms', '-cmsout', '-print', '-inform', 'PEM', '-in', openssl.file('t.pem', pem)),
    ).toMatch(/unsignedAttrs:\s+object: id-smime-aa-timeStampToken/);
  });

  it('signs several documents at once', async () => {
    const data = [content.toString('base64'), Buffer.from('екінші').toString('base64')];
    const answer = (await socket.ask(sign({ iin: MAN }, {}, { data }))) as { body: { result: string[] } };
    expect(answer.body.result.map((pem) => opened(pem))).toEqual([content.toString(), 'екінші']);
  });

  it.each([
    ['iin', { iin: WOMAN }],
    ['bin', { bin: BIN }],
    ['extKeyUsageOids', { extKeyUsageOids: ['1.2.398.3.3.4.1.2.5'] }],
  ])('offers only the keys that match %s', async (_, filter) => {
    expect(signedBy(await result(sign(filter)), employee)).toBe(true);
  });

  it('offers only the key with the serial number and only keys of the chain', async () => {
    expect(signedBy(await result(sign({ serialNumber: auth.id })), auth)).toBe(true);
    const { issuing } = lab.hierarchy('gost2015-512');
    const chain = [Buffer.from(issuing.certificate).toString('base64')];
    expect(signedBy(await result(sign({ chain })), employee)).toBe(true);
    expect(signedBy(await result(sign({ chain: [] })), person)).toBe(true);
  });

  it('lets the user choose among the keys that match', async () => {
    double.select(auth.id);
    expect(signedBy(await result(sign({ iin: MAN })), auth)).toBe(true);
  });

  it('finds nothing for a role no key has, and that looks like a cancel', async () => {
    const request = sign({ extKeyUsageOids: ['1.3.6.1.5.5.7.3.2'], bin: BIN });
    expect(await socket.ask(request)).toEqual({ status: true, body: {} });
  });

  it('answers with a bare string or an object when told to, and with an object for outputCert', async () => {
    double.shapeResults('string');
    expect(await socket.ask(sign())).toMatchObject({
      body: { result: expect.stringMatching(/^-----BEGIN CMS/) },
    });
    double.shapeResults('object');
    const object = {
      body: { result: { signatures: [expect.any(String)], certificate: expect.any(String) } },
    };
    expect(await socket.ask(sign())).toMatchObject(object);
    double.shapeResults('array');
    expect(await socket.ask(sign({}, { outputCert: true }))).toMatchObject(object);
  });

  it.each([
    ['no arguments', { args: undefined }],
    ['an unknown format', { args: { format: 'pdf', data: 'eA==' } }],
    ['no data', { args: { format: 'cms' } }],
    ['empty data', { args: { format: 'cms', data: '' } }],
    ['data that is no base64', { args: { format: 'cms', data: 'қ', signingParams: { decode: true } } }],
    ['an unknown storage', { args: { format: 'cms', data: 'x', allowedStorages: ['USB'] } }],
    ['an IIN that is a number', { args: { format: 'cms', data: 'x', signerParams: { iin: 9 } } }],
    [
      'purposes that are no list',
      { args: { format: 'cms', data: 'x', signerParams: { extKeyUsageOids: '1' } } },
    ],
    ['a chain that is no list', { args: { format: 'cms', data: 'x', signerParams: { chain: 'x' } } }],
  ])('refuses %s', async (_, wrong) => {
    const request = { module: 'kz.gov.pki.knca.basics', method: 'sign', ...wrong };
    expect(await socket.ask(request)).toMatchObject({ status: false, code: 'INVALID_SIGNING_PARAMS' });
  });

  it.each([
    ['cancel', { status: true, body: {} }],
    ['cancel-message', { status: false, message: 'action.canceled' }],
    ['cancel-code', { status: false, code: 'USER_CANCELED' }],
    ['error', { status: false, code: 'SIGNING_FAILURE' }],
    ['general-error', { status: false, code: 'GENERAL_ERROR' }],
    ['module-missing', { success: false, errorCode: 'MODULE_NOT_FOUND' }],
    ['garbage', '<html>'],
  ] as const)('fails as it is told: %s', async (mode: NcalayerMode, expected) => {
    double.behave(mode);
    const answer = await socket.ask(sign());
    if (typeof expected === 'string') expect(answer).toBe(expected);
    else expect(answer).toMatchObject(expected);
  });

  it('answers with exactly the frame it was told to, and then as it behaves', async () => {
    for (const frame of ['{"message":"something"}', '', 'null']) {
      double.answerWith(frame);
      const answer = await socket.ask(sign());
      expect(typeof answer === 'string' ? answer : JSON.stringify(answer)).toBe(frame);
    }
    double.answerWith(null);
    double.behave('honest');
    expect(await socket.ask(sign())).toMatchObject({ status: true });
  });

  it('signs with somebody else’s key or over other bytes when told to', async () => {
    double.behave('wrong-key');
    expect(signedBy(await result(sign({ iin: MAN })), employee)).toBe(true);
    double.behave('other-bytes');
    expect(opened(await result(sign({ iin: MAN })))).toBe(`${content.toString()} `);
  });

  it('keeps silent, or hangs up, when told to', async () => {
    const client = await connect(double.url);
    await client.next();
    double.behave('silent');
    client.send(JSON.stringify(sign()));
    const nothing = new Promise((resolve) => setTimeout(resolve, 100, 'nothing'));
    expect(await Promise.race([client.next(), nothing])).toBe('nothing');
    double.behave('disconnect');
    client.send(JSON.stringify(sign()));
    await client.closed;
  });
});

describe('kz.gov.pki.knca.commonUtils', () => {
  const call = (method: string, args: unknown[]): Promise<unknown> =>
    socket.ask({ module: 'kz.gov.pki.knca.commonUtils', method, args });

  it('has no tokens plugged in', async () => {
    expect(await call('getActiveTokens', [])).toEqual({ code: '200', responseObject: [] });
  });

  it('describes the chosen key', async () => {
    double.select(employee.id);
    expect(await call('getKeyInfo', ['PKCS12'])).toMatchObject({
      code: '200',
      responseObject: { keyId: employee.id, subjectDn: expect.stringContaining(`SERIALNUMBER=IIN${WOMAN}`) },
    });
  });

  it('signs CAdES with the key that serves the purpose', async () => {
    const args = ['PKCS12', 'AUTHENTICATION', content.toString('base64'), true];
    const answer = (await call('createCAdESFromBase64', args)) as { code: string; responseObject: string };
    expect(answer.code).toBe('200');
    expect(signedBy(answer.responseObject, auth)).toBe(true);
  });

  it('signs a digest made elsewhere', async () => {
    double.select(person.id);
    const hash = Buffer.from(person.privateKey.digest(content)).toString('base64');
    const args = ['PKCS12', 'SIGNATURE', hash];
    const answer = (await call('createCAdESFromBase64Hash', args)) as { responseObject: string };
    expect(opened(answer.responseObject, '-content', openssl.file('content', content))).toBe(
      content.toString(),
    );
  });

  it('complains about arguments of the wrong type the way Java does', async () => {
    expect(await call('createCAdESFromBase64', ['PKCS12', 'SIGNATURE', 5, true])).toEqual({
      code: '500',
      message: 'java.lang.IllegalArgumentException: argument type mismatch. Method: createCAdESFromBase64',
    });
  });

  it('reports a cancel as an error', async () => {
    double.behave('cancel');
    expect(await call('getKeyInfo', ['PKCS12'])).toEqual({ code: '500', message: 'action.canceled' });
  });
});
