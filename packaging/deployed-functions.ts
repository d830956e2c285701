import { allFunctions } from '../openapi/functions.ts';
import type { DeployedFunction } from './function-groups.ts';

/** The members of a contract that a deployment needs. */
interface DeployedContract {
  servers?: DeployedFunction['servers'];
  sockets?: DeployedFunction['sockets'];
  routes?: readonly string[];
  scope?: string;
}

/** Returns every function with what its contract declares, sorted by name. */
export async function deployedFunctions(): Promise<DeployedFunction[]> {
  const { operations, tasks } = await allFunctions();
  return [
    ...[...operations].map(([name, { contract }]) => describe(name, 'operation', contract)),
    ...[...tasks].map(([name, { contract }]) => describe(name, 'task', contract)),
  ].sort((a, b) => a.name.localeCompare(b.name));
}

const describe = (
  name: string,
  kind: DeployedFunction['kind'],
  // By default, a function connects to the primary: see connectEarly().
  { servers = ['primary'], sockets = {}, routes = [], scope }: DeployedContract,
): DeployedFunction => ({
  name,
  kind,
  servers,
  sockets,
  publicRoutes: scope === 'public' ? routes : [],
});
