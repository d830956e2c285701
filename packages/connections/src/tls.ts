const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;
const HOSTS = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/;
const WEAK =
  /[?&](?:(?:tls|ssl)=false|(?:tlsInsecure|tlsAllowInvalidCertificates|tlsAllowInvalidHostnames)=true)(?:&|$)/i;

/**
 * Returns the option that makes a connection use TLS, unless every server is local.
 *
 * @throws {Error} when the connection string would switch TLS or the check of certificates off for a remote
 *   server. The message does not contain the connection string
 * @example
 * await mongoose.connect(uri, { ...tlsOptions(uri), maxPoolSize: 5 });
 */
export function tlsOptions(connectionString: string): { tls?: true } {
  const [, hosts = ''] = HOSTS.exec(connectionString) ?? [];
  if (hosts.split(',').every((host) => LOCAL_HOST.test(host))) return {};
  if (WEAK.test(connectionString))
    throw new Error('A connection string must not switch TLS off, nor the check of certificates');
  return { tls: true };
}
