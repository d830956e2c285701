import { readFileSync } from 'node:fs';

/** What the calls of a function took in a container with the CPU quota of its memory. */
export interface Calls {
  /** What was called, as docs/cost.md names it. */
  name: string;
  /** In megabytes. */
  memory: number;
  /** From the start of Node until the handler was exported, in milliseconds. */
  init: number;
  /** The first call of a container, in milliseconds. */
  first: number;
  /** A later call: the mean of the billed durations, in milliseconds. The same as `first` if there was only one call. */
  warm: number;
  /** The CPU of a later call, in milliseconds. */
  cpu: number;
  /** Bytes that a later call wrote to its log. */
  logBytes: number;
  /** Bytes of the body that a later call returned. */
  bodyBytes: number;
  /** The largest resident set, in megabytes. */
  rss: number;
}

/** The measurements behind docs/cost.md, in measured.json. */
export interface Measured {
  date: string;
  machine: string;
  node: string;
  /** Our operations, with the memory of serverless.yml. */
  operations: Calls[];
  /** get-product and others, with more and less memory. */
  byMemory: Calls[];
  /** The scheduled tasks. */
  tasks: (Calls & { perMonth: number })[];
  /** GET /products/{product} in the shape of MongoDB's tutorial. */
  tutorial: Calls;
  /** What a deployment has. */
  stack: {
    operations: number;
    /** Metrics that all alarms evaluate together. */
    alarmMetrics: number;
    dashboards: number;
    /** Custom metrics that one operation publishes, at most. */
    metricsPerOperation: number;
    /** All custom metrics of the scheduled tasks. */
    taskMetrics: number;
    /** Custom metrics that all functions share. */
    sharedMetrics: number;
  };
}

/** Where the measurements are. */
export const MEASURED_FILE = new URL('measured.json', import.meta.url);

/** Returns the committed measurements. */
export const readMeasured = (): Measured => JSON.parse(readFileSync(MEASURED_FILE, 'utf8'));
