import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** The memory for which a Lambda function gets one processor, in megabytes. It gets a share for less. */
export const MEMORY_OF_ONE_CPU = 1_769;
/** The period of Lambda's quota: a function that has used its share waits for the next period. */
const PERIOD_US = 20_000;

let groups = 0;

/** A control group whose processes share a CPU quota. */
export interface Quota extends AsyncDisposable {
  /** The file to which a process writes its id to enter the group. */
  entrance: string;
}

/**
 * Creates a control group with the CPU quota that Lambda gives a function.
 *
 * @param memory of the function, in megabytes
 * @throws {Error} when this process may not create one
 */
export function createQuota(memory: number): Quota {
  const quota = Math.round((PERIOD_US * memory) / MEMORY_OF_ONE_CPU);
  const isOld = existsSync('/sys/fs/cgroup/cpu/cpu.cfs_quota_us');
  const folder = join(
    isOld ? '/sys/fs/cgroup/cpu' : '/sys/fs/cgroup',
    `bench-${process.pid}-${++groups}`,
  );
  try {
    mkdirSync(folder);
    if (isOld) {
      writeFileSync(join(folder, 'cpu.cfs_period_us'), String(PERIOD_US));
      writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quota));
    } else writeFileSync(join(folder, 'cpu.max'), `${quota} ${PERIOD_US}`);
  } catch (cause) {
    throw new Error('A CPU quota needs root and a cgroup controller for the CPU.', { cause });
  }
  return {
    entrance: join(folder, 'cgroup.procs'),
    async [Symbol.asyncDispose]() {
      // The group is busy until its processes have ended.
      for (let attempt = 1; existsSync(folder); attempt++)
        try {
          rmdirSync(folder);
        } catch (error) {
          if (attempt === 100) throw error;
          await setTimeout(50);
        }
    },
  };
}
