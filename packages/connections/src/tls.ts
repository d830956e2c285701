const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** How the driver finds the hosts: what precedes `@` is a user and a password, whatever it looks like. */
const PARTS = /^mongodb(\+srv)?:\/\/(?:[^:@]*(?::[^@]*)?@)?([^/?@]*)(.*)/;

/** The only value that each of these options may have. */
const SAFE_VALUES: Readonly<Record<string, string>> = {
  tls: 'true',
  ssl: 'true',
  tlsinsecure: 'false',
  tlsallowinvalidcertificates: 'false',
  tlsallowinvalidhostnames: 'false',
};

/**
 * Options of Node's TLS sockets, which the driver passes on: they replace the certificate authorities, the host name that
 * is compared, the check itself, or the encryption.
 */
const SOCKET_OPTIONS = new Set([
  'allowpartialtrustchain',
  'ca',
  'checkserveridentity',
  'ciphers',
  'crl',
  'ecdhcurve',
  'lookup',
  'mindhsize',
  'pfx',
  'pskcallback',
  'rejectunauthorized',
  'securecontext',
  'secureprotocol',
  'servername',
  'session',
  'snicallback',
]);

/**
 * Returns the option that enables TLS, unless every host of the connection string is local.
 *
 * @throws {Error} when the connection string would disable TLS or weaken the check of certificates for a remote server, in
 *   any spelling that the driver accepts. The message does not contain the connection string
 * @example
 * await mongoose.connect(uri, { ...tlsOptions(uri), maxPoolSize: 5 });
 */
export function tlsOptions(connectionString: string): { tls?: true } {
  const [, srv, hosts = '', rest = ''] = PARTS.exec(connectionString) ?? [];
  // With `srv`, the host is a name in DNS, which leads to the servers.
  if (!srv && hosts.split(',').every((host) => LOCAL_HOST.test(host))) return {};
  for (const [name, value] of optionsIn(rest)) {
    const option = name.toLowerCase();
    const safe = SAFE_VALUES[option] ?? value;
    if (value !== safe || SOCKET_OPTIONS.has(option))
      throw new Error(
        'A connection string must not disable TLS or weaken the check of certificates',
      );
  }
  return { tls: true };
}

/** Returns the options at the end of a connection string, decoded by the rules of a URL, as the driver decodes them. */
function optionsIn(rest: string): Iterable<[string, string]> {
  const url = `mongodb://host${rest}`;
  // The driver rejects a string that is not a URL.
  return URL.canParse(url) ? new URL(url).searchParams : [];
}
