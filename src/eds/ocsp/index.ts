export { encodeOcspRequest } from './request.js';
export { examineOcspResponse, judgeOcspResponse, type OcspAnswer, type OcspJudgement } from './judge.js';
export { parseOcspResponse, type UnverifiedOcspResponse } from './response.js';
export { type CertIdHash, type OcspQuestion, type OcspWindow } from './question.js';
export { type ProvedResponders } from './responder.js';
