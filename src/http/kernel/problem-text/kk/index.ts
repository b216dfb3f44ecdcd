import { type SituationTexts } from '../text.js';
import { account } from './account.js';
import { request } from './request.js';
import { signature } from './signature.js';

export const kk: SituationTexts = { ...signature, ...account, ...request };
