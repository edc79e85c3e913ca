/** Where a server listens: a port of a host, or the path of a Unix socket (a named pipe on Windows). */
export type TcpAddress =
  | {
      /** 0 to 65,535; a server that listens on 0 is given a free one. */
      readonly port: number;
      /** A name or an address. Default `localhost`. */
      readonly host?: string | undefined;
    }
  | { readonly path: string };

/** What `node:net` and `node:tls` take for it. */
export function toNetAddress(address: TcpAddress): { port: number; host: string } | { path: string } {
  return 'path' in address ? { path: address.path } : { port: address.port, host: address.host ?? 'localhost' };
}

/** The address for people: `localhost:7878`, `[::1]:7878` or a path. */
export function addressToString(address: TcpAddress): string {
  if ('path' in address) return address.path;
  const { port, host = 'localhost' } = address;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
