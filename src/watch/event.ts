/** What the watch over certificates of live sessions did, for metrics and logs: codes and numbers, nothing about a certificate or a person. */
export type WatchEvent =
  | { readonly kind: 'certificate'; readonly outcome: 'good' | 'bad' | 'open'; readonly code: string | null }
  | { readonly kind: 'ended'; readonly code: string; readonly sessions: number }
  | {
      readonly kind: 'sweep';
      /** Certificates behind live sessions, and how many of them this sweep looked at. */
      readonly live: number;
      readonly looked: number;
      /** Those about which no usable answer came. */
      readonly open: number;
      /** Age of the oldest evidence any live session rests on, as far as it was ever looked at. */
      readonly oldestMs: number;
    }
  /** One certificate could not be looked at. */
  | { readonly kind: 'failure'; readonly error: unknown };
