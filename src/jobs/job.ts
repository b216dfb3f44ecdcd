/**
 * Room `jobs`: the one clock of everything periodic. It decides when work runs, in which instance, and when it ends; what the work
 * does stays in the room whose work it is, which hands a `Job` over. It knows no store, no network and no request.
 */

/** Work that is done again and again, beside requests. */
export interface Job {
  /** The label of its metrics, from a closed list: lower case with hyphens. */
  readonly name: string;
  /** Which one of several jobs of that name, for the log. */
  readonly of?: string;
  /** When it is due. */
  readonly pace: Pace;
  /**
   * Done once in the cluster at each beat, by the instance that claims it. Only with a pace of milliseconds. It saves work and protects
   * nothing: an instance that stood still may find that another has begun (its signal is aborted then), so the work itself must bear that.
   */
  readonly oncePerCluster?: boolean;
  /** Done once more when the process stops, after what was added before it; until then a run under way is left to finish. */
  readonly runAtStop?: boolean;
  /**
   * Does the work once. Never called while an earlier call has not ended.
   *
   * @param signal aborted when the process stops, or another instance has taken the claim: the run should end at its next step
   * @throws ToldFailure where the room has reported the failure itself; anything else is reported here. Either is tried again.
   */
  run(signal: AbortSignal): Promise<void>;
}

export type Pace = Beats | DueDate;

/** So many milliseconds from beat to beat, by a clock that is never set. A run that takes longer skips beats. */
export interface Beats {
  readonly everyMs: number;
  /**
   * The share of a beat, from 0 to 1, over which the first beats of instances are spread, so that they do not beat together. Default 1.
   */
  readonly jitter?: number;
  /** Runs at the start as well, before its first beat. */
  readonly atOnce?: boolean;
}

/** A moment by the system clock. Asked for after every run and once a minute, so that it may be moved meanwhile. */
export interface DueDate {
  readonly due: () => Date;
}

/** The one name a job has among all of them. */
export function fullName({ name, of }: Pick<Job, 'name' | 'of'>): string {
  return of === undefined ? name : `${name} ${of}`;
}

/** A run failed, and whoever it concerns has been told: it is counted and tried again, and not logged once more. */
export class ToldFailure extends Error {
  override readonly name = 'ToldFailure';
}

/**
 * What became of a run. `elsewhere`: another instance has the claim, so nothing ran. `lost`: another instance took the claim meanwhile.
 * `stopped`: it was ended by the stop. `abandoned`: it did not end when it was told to.
 */
export type Outcome = 'done' | 'failed' | 'elsewhere' | 'lost' | 'stopped' | 'abandoned';

/** One run that has ended, or was given up. */
export interface JobRun {
  readonly job: Job;
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** What it failed with; absent where nothing failed or the room has told. */
  readonly error?: unknown;
}
