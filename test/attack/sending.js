/** How the programs of this folder talk to a gateway: over sockets of their own, and to the end. */
import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * @param {string} address of the gateway
 * @param {{ method?: string, path: string, headers?: Record<string, string>, body?: string | Buffer }} asked
 * @returns {Promise<string>} status and code of the answer, or what the connection came to
 */
export function send(address, { method = 'POST', path, headers = {}, body = '' }) {
  return new Promise((resolve) => {
    const octets = Buffer.from(body);
    const outgoing = request(address + path, {
      method,
      agent,
      headers: {
        ...(method === 'POST' ? { 'content-type': 'application/json', 'content-length': octets.length } : {}),
        ...headers,
      },
    });
    outgoing.once('error', (error) => resolve(`connection ${error.code}`));
    outgoing.once('response', (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.once('error', (error) => resolve(`connection ${error.code}`));
      response.once('end', () => resolve(`${response.statusCode} ${codeOf(Buffer.concat(pieces))}`.trim()));
    });
    outgoing.end(octets);
  });
}

/** Begins a request whose body never ends: so much of it is announced, so much is sent. @returns its answer, when that much is sent, and what ends it */
export function begin(address, { path, headers, octets, sent = 1 }) {
  const outgoing = request(address + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': String(octets), ...headers },
  });
  const answer = new Promise((resolve) => {
    outgoing.on('error', (error) => resolve(`connection ${error.code}`));
    outgoing.once('response', (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.once('end', () => resolve(`${response.statusCode} ${codeOf(Buffer.concat(pieces))}`.trim()));
    });
  });
  const written = new Promise((resolve) => outgoing.write(`"${'a'.repeat(sent - 1)}`, resolve));
  return { answer, written, end: () => outgoing.destroy() };
}

function codeOf(octets) {
  try {
    return JSON.parse(octets.toString('utf8')).code ?? '';
  } catch {
    return '';
  }
}

/** One line of what was found, for the test that runs the program. */
export function tell(attack, answer, expected) {
  process.stdout.write(`${JSON.stringify({ attack, answer, expected })}\n`);
}
