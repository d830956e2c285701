import dns from 'node:dns';

/*
 * The names of the servers with which a function is warmed up. They are not in DNS, so the warm-up replaces what Node asks
 * it: a function then runs the same code as with the `mongodb+srv` connection string of Atlas.
 */

/** The variable with the port of each cluster. */
export const PORTS_VARIABLE = 'WARM_UP_PORTS';

const DOMAIN = 'warm-up.test';

/** The only node of every cluster. */
export const NODE_HOST = `node.${DOMAIN}`;

/** Returns the name of a cluster, as in its connection string. */
export const hostOf = (cluster: string): string => `${cluster}.${DOMAIN}`;

/** Makes Node resolve the names of the warm-up to this machine, and no other name. */
export function resolveWarmUpHosts(): void {
  const ports: Record<string, number> = JSON.parse(process.env[PORTS_VARIABLE] ?? '{}');
  const clusterIn = (name: string) =>
    Object.keys(ports).find((cluster) => name.endsWith(hostOf(cluster))) ?? '';
  const resolve = async (name: string, type: string) =>
    type === 'SRV'
      ? [{ name: NODE_HOST, port: ports[clusterIn(name)], priority: 0, weight: 0 }]
      : [[`authSource=admin&replicaSet=${clusterIn(name)}`]];
  const lookup = (
    _: string,
    { all }: { all?: boolean },
    done: (error: null, address: unknown, family?: number) => void,
  ) => (all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4));
  Object.assign(dns.promises, { resolve });
  Object.assign(dns, { lookup });
}
