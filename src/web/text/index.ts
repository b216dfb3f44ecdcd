import { type Language } from '../../reasons/language.js';
import { en } from './en/index.js';
import { kk } from './kk/index.js';
import { ru } from './ru/index.js';
import { type Text } from './text.js';

/** Every page text, by language. */
export const TEXT: Readonly<Record<Language, Text>> = { kk, ru, en };
