export function readParameter(name: string): Promise<string>;
