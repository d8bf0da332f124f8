/** What to do, by the code of a `ProxyFailure`. */
export const proxyRemedies: Readonly<Record<string, string>> = {
  PROXY_407: 'Put the right user and password into HTTPS_PROXY or HTTP_PROXY: user:password@ before the host.',
  PROXY_403: 'Let the proxy allow CONNECT to this host and port, or name the host in NO_PROXY.',
  PROXY_UNREACHABLE: 'Check host and port in HTTPS_PROXY or HTTP_PROXY, or name the host in NO_PROXY.',
};
