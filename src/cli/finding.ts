/** One thing `doctor` looked at. */
export interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly note: string;
}

export function ok(what: string, note: string): Finding {
  return { what, state: 'ok', note };
}

export function warning(what: string, note: string): Finding {
  return { what, state: 'warning', note };
}

export function failed(what: string, note: string): Finding {
  return { what, state: 'failed', note };
}
