import { type Language } from '../language.js';
import { en } from './en.js';
import { kk } from './kk.js';
import { ru } from './ru.js';
import { type Text } from './text.js';

/** Every page text, by language. */
export const TEXT: Readonly<Record<Language, Text>> = { kk, ru, en };
