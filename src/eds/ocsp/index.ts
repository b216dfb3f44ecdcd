export { designatedOcspAuthorities } from './designation.js';
export { encodeOcspRequest } from './request.js';
export { examineOcspResponse, judgeOcspResponse, type OcspAnswer, type OcspJudgement } from './judge.js';
export { parseOcspResponse } from './response.js';
export { type CertIdHash, type OcspQuestion, type OcspWindow } from './question.js';
