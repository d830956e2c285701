const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;
const HOSTS = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/;
const WEAK =
  /[?&](?:(?:tls|ssl)=false|(?:tlsInsecure|tlsAllowInvalidCertificates|tlsAllowInvalidHostnames)=true)(?:&|$)/i;

/**
 * How a connection goes over the network: by TLS, unless the server is on this machine.
 *
 * @throws {Error} when the connection string would switch that off, or its certificate's check. The error does
 *   not show it
 */
export function tlsOptions(connectionString: string): { tls?: true } {
  const [, hosts = ''] = HOSTS.exec(connectionString) ?? [];
  if (hosts.split(',').every((host) => LOCAL_HOST.test(host))) return {};
  if (WEAK.test(connectionString))
    throw new Error('A connection string must not switch TLS off, nor the check of certificates');
  return { tls: true };
}
