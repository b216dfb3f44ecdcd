import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeSignRequest, readFrame } from '../../src/web/browser/ncalayer-protocol.js';
import { sharedBytes, sharedMaterialPresent } from '../support/shared-material.js';

const CMS = '-----BEGIN CMS-----\nMIIB\n-----END CMS-----\n';
const read = (frame: unknown) => readFrame(JSON.stringify(frame));

describe('the request to NCALayer', () => {
  it('asks for an attached CMS of the decoded bytes, without a time-stamp and without a filter by key usage', () => {
    const request = JSON.parse(encodeSignRequest({ data: 'QUJD', locale: 'kk', chain: null })) as unknown;
    expect(request).toEqual({
      module: 'kz.gov.pki.knca.basics',
      method: 'sign',
      args: {
        format: 'cms',
        data: 'QUJD',
        signingParams: { decode: true, encapsulate: true, digested: false },
        signerParams: {},
        locale: 'kk',
      },
    });
  });

  it.each([[[]], [['MIIC']]])('passes a chain of issuers on: %j', (chain) => {
    const request = JSON.parse(encodeSignRequest({ data: 'QUJD', locale: 'ru', chain })) as {
      args: { signerParams: unknown };
    };
    expect(request.args.signerParams).toEqual({ chain });
  });
});

describe('an answer of NCALayer', () => {
  it.each([
    ['an array, as NCALayer sends it', { status: true, body: { result: [CMS] } }],
    ['a bare string, as KAZTOKEN sends it', { status: true, body: { result: CMS } }],
    [
      'an object with signatures',
      { status: true, body: { result: { signatures: [CMS], certificate: 'MIIC' } } },
    ],
    ['an object with one signature', { status: true, body: { result: { signature: CMS } } }],
    ['the older success shape', { status: true, responseObject: CMS }],
    ['the shape of commonUtils', { code: '200', responseObject: CMS }],
  ])('is a signature when it is %s', (_, frame) => {
    expect(read(frame)).toEqual({ kind: 'signature', signature: CMS });
  });

  it.each([
    ['success without a result', { status: true, body: {} }],
    ['success without a body', { status: true }],
    ['success with an empty list', { status: true, body: { result: [] } }],
    ['success with an empty string', { status: true, body: { result: '' } }],
    ['the message action.canceled', { status: false, message: 'action.canceled' }],
    ['the code USER_CANCELED', { status: false, code: 'USER_CANCELED', message: 'x' }],
    ['the code of commonUtils', { code: '500', message: 'action.canceled' }],
    ['the British spelling', { status: false, code: 'CANCELLED_BY_USER' }],
  ])('is a cancellation when it is %s', (_, frame) => {
    expect(read(frame)).toEqual({ kind: 'cancelled' });
  });

  it.each([
    'INVALID_SIGNING_PARAMS',
    'SIGNING_FAILURE',
    'GENERAL_ERROR',
    'INVOCATION_ERROR',
    'CERTIFICATE_IMPORTING_FAILURE',
  ])('is a refusal with the code %s', (code) => {
    expect(read({ status: false, code, message: 'текст', details: 'stack' })).toEqual({
      kind: 'refused',
      code,
      details: 'текст: stack',
    });
  });

  it('tells a missing module from other errors', () => {
    expect(read({ success: false, errorCode: 'MODULE_NOT_FOUND' })).toEqual({ kind: 'module-missing' });
    expect(read({ status: false, code: 'MODULE_NOT_FOUND' })).toEqual({ kind: 'module-missing' });
    expect(read({ success: false, errorCode: 'WRONG_ORIGIN' })).toMatchObject({
      kind: 'refused',
      code: 'WRONG_ORIGIN',
    });
  });

  it.each([
    ['two signatures where one was asked', { status: true, body: { result: [CMS, CMS] } }],
    ['something that is no text', { status: true, body: { result: [{ x: 1 }] } }],
    ['a signature of absurd size', { status: true, body: { result: ['A'.repeat(1_000_001)] } }],
  ])('is not taken for a signature when it is %s', (_, frame) => {
    expect(read(frame)).toEqual({ kind: 'refused', code: 'UNEXPECTED_RESULT', details: null });
  });

  it('shows no foreign words as a code, and keeps them, bounded and in one line, for a log', () => {
    const refused = (code: string, details: string | null): unknown => ({ kind: 'refused', code, details });
    expect(read({ status: false, code: '<img src=x>' })).toEqual(refused('UNNAMED_ERROR', null));
    expect(read({ status: false, message: 'boom' })).toEqual(refused('UNNAMED_ERROR', 'boom'));
    expect(read({ status: false, message: 'a\r\n\u202eb', details: 'c' })).toEqual(
      refused('UNNAMED_ERROR', 'a b: c'),
    );
    expect(read({ message: 'x'.repeat(5_000) })).toEqual(refused('UNEXPECTED_RESULT', 'x'.repeat(300)));
    expect(read({ status: false, code: 'A'.repeat(41), message: 7 })).toEqual(refused('UNNAMED_ERROR', null));
  });

  it('does not take a greeting, a keep-alive or an echoed heartbeat for an answer', () => {
    expect(read({ result: { version: '1.4' } })).toEqual({ kind: 'greeting' });
    expect(read({})).toEqual({ kind: 'noise' });
    expect(readFrame('--heartbeat--')).toEqual({ kind: 'noise' });
  });

  it.each([
    ['a code in figures', { code: 200, responseObject: CMS }],
    ['`result` beside the code', { code: '200', result: CMS }],
    ['`result` beside the status', { status: true, result: [CMS] }],
    ['one string in an array of commonUtils', { code: '200', responseObject: [CMS] }],
    ['a uuid nobody asked for', { uuid: 'x', code: '200', responseObject: CMS }],
    ['a code of its own beside success', { status: true, code: 'SUCCESS', body: { result: [CMS] } }],
    ['nothing beside the signature', { status: true, body: { result: ['', CMS, null] } }],
  ])('is the signature it holds, written with %s', (_, frame) => {
    expect(read(frame)).toEqual({ kind: 'signature', signature: CMS });
  });

  it.each([
    ['the status as text', { status: 'true', body: { result: [CMS] } }],
    ['the status as a number', { status: 1, body: { result: [CMS] } }],
    ['no status', { body: { result: [CMS] } }],
    ['a bare result', { result: 'c3RhbGU=' }],
    ['a bare response object', { responseObject: CMS }],
    ['a message alone', { message: 'something' }],
    ['success in another word', { success: true, result: [CMS] }],
    ['an array', [CMS]],
    ['a text', CMS],
    ['null', null],
    ['a number', 200],
    ['true', true],
    ['an array in the array', { status: true, body: { result: [[CMS]] } }],
    ['a number for a signature', { status: true, body: { result: 42 } }],
    ['an empty object for a signature', { status: true, body: { result: {} } }],
    ['a body that is text', { status: true, body: CMS }],
    ['a body that is an array', { status: true, body: [CMS] }],
    ['a body with another word', { status: true, body: { signature: CMS } }],
    ['a code of success and nothing', { code: '200' }],
    ['a code of success and an empty text', { code: '200', responseObject: '' }],
    ['the version of KAZTOKEN', { code: '200', responseObject: { name: 'KAZTOKENdesktop', version: '4' } }],
    ['an echo of the request', { module: 'kz.gov.pki.knca.basics', method: 'sign', args: {} }],
    ['success with words and no body', { status: true, message: 'the window is busy' }],
    ['a result in place of a version', { result: { version: null } }],
  ])('ends the waiting, refused and never "cancelled", when it is %s', (_, frame) => {
    expect(read(frame)).toMatchObject({ kind: 'refused', code: 'UNEXPECTED_RESULT' });
  });

  it.each([
    ['in figures', { code: 500, message: 'java.lang.NullPointerException' }, '500'],
    [
      'about a certificate that was cancelled',
      { status: false, code: 'SIGNING_FAILURE', message: 'cancelled' },
    ],
    ['beside success', { status: true, code: 'GENERAL_ERROR' }, 'GENERAL_ERROR'],
    ['beside success of commonUtils', { code: '200', success: false }, 'UNNAMED_ERROR'],
    ['with a status as text', { status: 'false', code: 'GENERAL_ERROR' }, 'GENERAL_ERROR'],
    ['with a signature in it', { status: false, body: { result: [CMS] } }, 'UNNAMED_ERROR'],
    ['of another number', { code: 404 }, '404'],
  ])('is a refusal when it is an error %s', (_, frame, code = 'SIGNING_FAILURE') => {
    expect(read(frame)).toMatchObject({ kind: 'refused', code });
  });

  it.each([
    ['in figures', { code: 500, message: 'action.canceled' }],
    ['with a status as text', { status: 'false', code: 'USER_CANCELED' }],
    ['as an error code', { success: false, errorCode: 'USER_CANCELLED' }],
    ['beside success', { status: true, code: 'USER_CANCELED' }],
    ['with null for a result', { status: true, body: { result: null } }],
  ])('is a cancellation told %s', (_, frame) => {
    expect(read(frame)).toEqual({ kind: 'cancelled' });
  });

  it.each([
    ['empty', ''],
    ['of white space', ' \n'],
    ['of half a JSON', '{"status":true,"body":{"result":["MI'],
    ['of a proxy', '<html>'],
  ])('is unreadable when the frame is %s', (_, text) => {
    expect(readFrame(text)).toEqual({ kind: 'refused', code: 'UNREADABLE_ANSWER', details: null });
  });

  it('is unreadable in a binary frame, and not looked at when it is larger than any signature', () => {
    for (const data of [new Blob(['{}']), new ArrayBuffer(2), Uint8Array.of(123, 125), undefined]) {
      expect(readFrame(data)).toMatchObject({ kind: 'refused', code: 'UNREADABLE_ANSWER' });
    }
    const huge = JSON.stringify({ message: 'x'.repeat(4_000_001) });
    expect(readFrame(huge)).toEqual({ kind: 'refused', code: 'UNEXPECTED_RESULT', details: null });
    expect(readFrame(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toMatchObject({ kind: 'refused' });
  });

  it('never throws and never finds a signature in anything that does not report success', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['signature', 'cancelled']).not.toContain(readFrame(text).kind);
      }),
      { numRuns: 200 },
    );
  });
});

(sharedMaterialPresent() ? describe : describe.skip)('a frame that real programs sent', () => {
  it('is read as the case file says', () => {
    const cases = JSON.parse(Buffer.from(sharedBytes('cases/frames/ncalayer-frames.json')).toString()) as {
      frame: string;
      right: string;
    }[];
    expect(cases.length).toBeGreaterThanOrEqual(5);
    for (const { frame, right } of cases) {
      const signature = /^signature (\w+)/.exec(right)?.[1];
      expect([frame, readFrame(frame)]).toEqual([
        frame,
        signature === undefined
          ? expect.objectContaining({ kind: 'refused', code: 'UNEXPECTED_RESULT' })
          : { kind: 'signature', signature },
      ]);
      expect(readFrame(frame).kind === 'refused').toBe(right.startsWith('refused'));
    }
    expect(readFrame('{"message":"something"}')).toMatchObject({ details: 'something' });
  });
});
