const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;
const HOSTS = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/;
const WEAK =
  /[?&](?:(?:tls|ssl)=false|(?:tlsInsecure|tlsAllowInvalidCertificates|tlsAllowInvalidHostnames)=true)(?:&|$)/i;

/**
 * Returns the option that enables TLS, unless every host of the connection string is local.
 *
 * @throws {Error} if the connection string disables TLS or certificate validation for a remote host. The message
 *   does not contain the connection string
 * @example
 * await mongoose.connect(uri, { ...tlsOptions(uri), maxPoolSize: 5 });
 */
export function tlsOptions(connectionString: string): { tls?: true } {
  const [, hosts = ''] = HOSTS.exec(connectionString) ?? [];
  if (hosts.split(',').every((host) => LOCAL_HOST.test(host))) return {};
  if (WEAK.test(connectionString))
    throw new Error('The connection string must not disable TLS or certificate validation');
  return { tls: true };
}
