import { withoutParameters } from './der.js';

/**
 * How an algorithm without parameters is written beside a signature and inside what it covers: `null` in both places, `absent`
 * from both, or as НУЦ РК does in 2026, absent inside and NULL outside. The fourth is its mirror image.
 */
export type ParameterWriting = 'null' | 'absent' | 'nca-2026' | 'outer-absent';

/** Ways of writing one and the same certificate. Without them it is as НУЦ РК wrote it until 2026. */
export interface CertificateWriting {
  readonly parameters?: ParameterWriting;
  /** GeneralizedTime also before 2050. */
  readonly times?: 'generalized';
  /** `critical FALSE` is written out. */
  readonly falseWritten?: boolean;
  /** The serial number is below zero. */
  readonly negativeSerial?: boolean;
}

/** The identifier inside what is signed and the one beside the signature. */
export function writtenAlgorithms(
  identifier: Uint8Array,
  parameters: ParameterWriting = 'null',
): { readonly inner: Uint8Array; readonly outer: Uint8Array } {
  const bare = withoutParameters(identifier);
  return {
    inner: parameters === 'absent' || parameters === 'nca-2026' ? bare : identifier,
    outer: parameters === 'absent' || parameters === 'outer-absent' ? bare : identifier,
  };
}
