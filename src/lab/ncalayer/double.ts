import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Laboratory } from '../laboratory.js';
import { type LabKey } from '../lab-key.js';
import { answerBasics, BASICS } from './basics.js';
import { answerCommonUtils, COMMON_UTILS } from './common-utils.js';
import { basicsError, greeting, HEARTBEAT, isObject, MODULE_NOT_FOUND } from './protocol.js';
import { type NcalayerMode, type ResultShape } from './state.js';
import { loopbackCertificate, type TlsCertificate } from './tls.js';

export interface NcalayerOptions {
  /** NCALayer itself listens on 13579. 0 or absent: any free port. */
  readonly port?: number;
  /** wss with a self-made certificate, as NCALayer; absent: ws. */
  readonly tls?: boolean;
  readonly keys?: readonly LabKey[];
  readonly version?: string;
  /** How long `slow` takes. Default 3 seconds. */
  readonly slowMs?: number;
  /** Hides expired keys unless the request says allowExpired, as NCALayer does. Default false, so that a gateway gets to see them. */
  readonly hideExpired?: boolean;
  /** Asks somebody which of several keys signs; null is a cancel. Without it the selected key signs, or the first. */
  readonly choose?: (offered: readonly LabKey[]) => Promise<LabKey | null>;
  /** What a browser that opens the port as a page is shown, for example a list of keys to choose from. NCALayer shows nothing. */
  readonly page?: RequestListener;
}

/** A running double. */
export interface NcalayerDouble {
  /** ws://127.0.0.1:port or wss://127.0.0.1:port */
  readonly url: string;
  readonly keys: readonly LabKey[];
  /** The certificate of the socket when it is wss. */
  readonly tlsCertificatePem: string | null;
  /** Requests other than heartbeats, parsed, oldest first. */
  readonly requests: readonly unknown[];
  behave(mode: NcalayerMode): void;
  /** Answers requests with exactly this from now on, whatever was asked: text, or octets for a binary frame. `null`: as it behaves. */
  answerWith(frame: string | Uint8Array | null): void;
  /** How basics wraps its result. */
  shapeResults(shape: ResultShape): void;
  /** The user's choice for the requests to come: a key's id (serial number in hex), or null for the first that matches. */
  select(keyId: string | null): void;
  addKey(key: LabKey): void;
  close(): Promise<void>;
}

/** Starts a double of NCALayer on 127.0.0.1 that signs with the given keys. Time-stamps come from the laboratory. */
export async function startNcalayerDouble(
  lab: Laboratory,
  options: NcalayerOptions = {},
): Promise<NcalayerDouble> {
  const keys = [...(options.keys ?? [])];
  const requests: unknown[] = [];
  let mode: NcalayerMode = 'honest';
  let shape: ResultShape = 'array';
  let selected: string | null = null;
  let prepared: string | Uint8Array | null = null;
  const stopping = new AbortController();

  const choose = async (offered: readonly LabKey[]): Promise<LabKey | null> => {
    if (selected !== null) return offered.find(({ id }) => id === selected) ?? null;
    if (options.choose && offered.length > 0) return options.choose(offered);
    return offered[0] ?? null;
  };

  async function answer(text: string): Promise<unknown> {
    let request: unknown;
    try {
      request = JSON.parse(text);
    } catch {
      request = null;
    }
    requests.push(request);
    if (!isObject(request)) return basicsError('INVOCATION_ERROR', 'not a request', 'JSON expected');
    if (mode === 'slow') await wait(options.slowMs ?? 3000, undefined, { signal: stopping.signal });
    const state = { lab, mode, shape, keys, hideExpired: options.hideExpired ?? false, choose };
    if (mode === 'module-missing') return MODULE_NOT_FOUND;
    if (request['module'] === BASICS) return answerBasics(request, state);
    if (request['module'] === COMMON_UTILS) return answerCommonUtils(request, state);
    return MODULE_NOT_FOUND;
  }

  const welcome = JSON.stringify(greeting(options.version ?? '1.4'));
  function serve(socket: WebSocket): void {
    // one window at a time: requests carry no id, so answers keep their order
    let queue = Promise.resolve();
    const reply = async (text: string): Promise<void> => {
      if (text === HEARTBEAT) {
        if (mode !== 'no-greeting') socket.send(welcome);
        return;
      }
      const result = await answer(text);
      if (mode === 'disconnect') socket.terminate();
      else if (prepared !== null) socket.send(prepared);
      else if (mode === 'garbage') socket.send('<html>');
      else if (mode !== 'silent' && mode !== 'no-greeting') socket.send(JSON.stringify(result));
    };
    socket.on('error', () => {
      socket.terminate();
    });
    socket.on('message', (data: Buffer) => {
      queue = queue
        .then(() => reply(data.toString('utf8')))
        .catch(() => {
          socket.terminate();
        });
    });
    if (mode !== 'no-greeting') socket.send(welcome);
  }

  const tls = options.tls === true ? await loopbackCertificate(lab.now()) : null;
  const server = await listen(tls, options.port ?? 0, options.page);
  const sockets = new WebSocketServer({ server, maxPayload: 64 * 1024 * 1024 });
  sockets.on('connection', serve);
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'wss' : 'ws'}://127.0.0.1:${port}`,
    keys,
    requests,
    tlsCertificatePem: tls?.certificatePem ?? null,
    behave(next) {
      mode = next;
    },
    answerWith(frame) {
      prepared = frame;
    },
    shapeResults(next) {
      shape = next;
    },
    select(keyId) {
      selected = keyId;
    },
    addKey(key) {
      keys.push(key);
    },
    async close() {
      stopping.abort();
      for (const socket of sockets.clients) socket.terminate();
      await new Promise<void>((resolve) => {
        sockets.close(() => {
          server.close(() => {
            resolve();
          });
          server.closeAllConnections();
        });
      });
    },
  };
}

async function listen(
  tls: TlsCertificate | null,
  port: number,
  page: RequestListener | undefined,
): Promise<Server> {
  const server = tls ? createHttpsServer({ key: tls.keyPem, cert: tls.certificatePem }) : createHttpServer();
  if (page !== undefined) server.on('request', page);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}
