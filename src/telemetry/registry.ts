/**
 * Where metrics are declared, each beside what it measures. Labels are codes and names from closed lists, never anything a visitor sent.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface MetricsRegistry {
  /** Something that happens, counted as it happens. */
  counter<Label extends string = never>(what: Declaration<Label>): Counted<Label>;
  /** A count that is kept elsewhere and asked for at every scrape. */
  readCounter(what: Declaration<never>, read: () => number): void;
  /** The same for one count under each label: `read` tells all there are. */
  readCounters<Label extends string>(
    what: Declaration<Label>,
    read: (add: Counted<Label>['add']) => void,
  ): void;
  /** A value that is told as it changes. */
  gauge<Label extends string = never>(what: Declaration<Label>): Gauged<Label>;
  /** A value that is kept elsewhere. `read` is called at every scrape and tells all there is; what it rejects with fails the scrape. */
  readGauge<Label extends string = never>(
    what: Declaration<Label>,
    read: (set: Gauged<Label>['set']) => void | Promise<void>,
  ): void;
  /** @param buckets upper bounds in seconds */
  histogram<Label extends string = never>(
    what: Declaration<Label>,
    buckets?: readonly number[],
  ): Observed<Label>;
  /** The Prometheus text and its content type. */
  expose(): Promise<{ readonly text: string; readonly contentType: string }>;
  close(): void;
}

interface Declaration<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

type Labels<Label extends string> = Readonly<Record<Label, string | number>>;

export interface Counted<Label extends string> {
  add(labels: Labels<Label>, count?: number): void;
}

export interface Gauged<Label extends string> {
  set(labels: Labels<Label>, value: number): void;
}

export interface Observed<Label extends string> {
  observe(labels: Labels<Label>, seconds: number): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A registry that holds what is told about the process itself. */
export function createMetricsRegistry(): MetricsRegistry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const declared = <Label extends string>({ name, help, labels = [] }: Declaration<Label>) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    counter(what) {
      const counter = new Counter(declared(what));
      return {
        add: (labels, count) => {
          counter.inc(labels, count);
        },
      };
    },
    readCounter(what, read) {
      new Counter({
        ...declared(what),
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    },
    readCounters<Label extends string>(what: Declaration<Label>, read: (add: Counted<Label>['add']) => void) {
      new Counter({
        ...declared(what),
        collect() {
          this.reset();
          read((labels, count) => {
            this.inc(labels, count);
          });
        },
      });
    },
    gauge(what) {
      const gauge = new Gauge(declared(what));
      return {
        set: (labels, value) => {
          gauge.set(labels, value);
        },
      };
    },
    readGauge<Label extends string = never>(
      what: Declaration<Label>,
      read: (set: Gauged<Label>['set']) => void | Promise<void>,
    ) {
      const collect = async (): Promise<void> => {
        const found: (readonly [Labels<Label>, number])[] = [];
        await read((labels, value) => found.push([labels, value]));
        gauge.reset();
        for (const [labels, value] of found) gauge.set(labels, value);
      };
      const gauge = new Gauge({ ...declared(what), collect });
    },
    histogram(what, buckets = SECONDS) {
      const histogram = new Histogram({ ...declared(what), buckets: [...buckets] });
      return {
        observe: (labels, seconds) => {
          histogram.observe(labels, seconds);
        },
      };
    },
    async expose() {
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
    close() {
      registry.clear();
    },
  };
}
