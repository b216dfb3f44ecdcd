import { type LabKey } from '../lab-key.js';
import { type Laboratory } from '../laboratory.js';

/** How the double behaves from the next request on. */
export type NcalayerMode =
  | 'honest'
  /** The user closes the window: `{"status":true,"body":{}}`. */
  | 'cancel'
  /** What third parties report instead: `{"status":false,"message":"action.canceled"}` … */
  | 'cancel-message'
  /** … or `{"status":false,"code":"USER_CANCELED"}`. */
  | 'cancel-code'
  /** Signs with a key that does not match what was asked for. */
  | 'wrong-key'
  /** Signs other bytes than it was given. */
  | 'other-bytes'
  /** Answers detached when asked for attached and the reverse. */
  | 'wrong-encapsulation'
  /** SIGNING_FAILURE, as with a wrong password or a broken token. */
  | 'error'
  | 'general-error'
  /** As if the basics module were not installed. */
  | 'module-missing'
  /** Answers honestly after the delay. */
  | 'slow'
  /** Takes the request and never answers. */
  | 'silent'
  /** A frame that is no JSON. */
  | 'garbage'
  /** A result that is text, but no signature. */
  | 'garbage-result'
  /** Cuts the connection instead of answering. */
  | 'disconnect'
  /** Says nothing at all, not even the greeting. */
  | 'no-greeting';

/** `array` is NCALayer's; KAZTOKEN answers with a bare string; `outputCert` gives an object. */
export type ResultShape = 'array' | 'string' | 'object';

/** What the modules of the double answer from. */
export interface NcalayerState {
  readonly lab: Laboratory;
  readonly mode: NcalayerMode;
  readonly shape: ResultShape;
  readonly keys: readonly LabKey[];
  readonly hideExpired: boolean;
  /** The user's answer when these keys are offered. */
  choose(offered: readonly LabKey[]): Promise<LabKey | null>;
}
