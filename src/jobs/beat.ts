/** The clock of jobs: one that is never set, and the only timer of periodic work. */
export interface Beat {
  /** Milliseconds from some moment on; never goes back. */
  now(): number;
  /**
   * Calls `act` once, after so many milliseconds.
   *
   * @returns takes it back
   */
  after(milliseconds: number, act: () => void): () => void;
}

/** The clock of this process. It does not keep the process running. */
export function systemBeat(): Beat {
  return {
    now: () => performance.now(),
    after(milliseconds, act) {
      const timer = setTimeout(act, milliseconds);
      timer.unref();
      return () => {
        clearTimeout(timer);
      };
    },
  };
}
