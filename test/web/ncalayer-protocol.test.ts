import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeSignRequest, readFrame } from '../../src/web/browser/ncalayer-protocol.js';

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
    });
  });

  it('tells a missing module from other errors', () => {
    expect(read({ success: false, errorCode: 'MODULE_NOT_FOUND' })).toEqual({ kind: 'module-missing' });
    expect(read({ success: false, errorCode: 'WRONG_ORIGIN' })).toEqual({
      kind: 'refused',
      code: 'WRONG_ORIGIN',
    });
  });

  it.each([
    ['two signatures where one was asked', { status: true, body: { result: [CMS, CMS] } }],
    ['something that is no text', { status: true, body: { result: [{ x: 1 }] } }],
    ['a signature of absurd size', { status: true, body: { result: ['A'.repeat(1_000_001)] } }],
  ])('is not taken for a signature when it is %s', (_, frame) => {
    expect(read(frame)).toEqual({ kind: 'refused', code: 'UNEXPECTED_RESULT' });
  });

  it('shows no foreign words as a code', () => {
    expect(read({ status: false, code: '<img src=x>' })).toEqual({ kind: 'refused', code: 'UNNAMED_ERROR' });
    expect(read({ status: false, message: 'boom' })).toEqual({ kind: 'refused', code: 'UNNAMED_ERROR' });
    expect(readFrame('<html>')).toEqual({ kind: 'refused', code: 'UNREADABLE_ANSWER' });
  });

  it('does not take a greeting, a keep-alive or an echoed heartbeat for an answer', () => {
    expect(read({ result: { version: '1.4' } })).toEqual({ kind: 'greeting' });
    expect(read({})).toEqual({ kind: 'noise' });
    expect(read(null)).toEqual({ kind: 'noise' });
    expect(readFrame('--heartbeat--')).toEqual({ kind: 'noise' });
  });

  it('never throws and never finds a signature in anything that does not report success', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readFrame(text).kind).not.toBe('signature');
      }),
      { numRuns: 200 },
    );
  });
});
