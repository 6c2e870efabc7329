// Whether the ports that the server needs are free, or taken by the server itself.
import { createServer } from 'node:net';
import { finding, type Finding } from './finding.ts';

/** One that the server listens on; `key` is what configures it. */
export interface WantedPort {
  readonly what: string;
  readonly key: string;
  readonly host: string;
  readonly port: number;
}

/** `ownPorts`: those of the server that runs on the data folder. */
export async function checkPort(wanted: WantedPort, ownPorts: ReadonlySet<number>): Promise<Finding> {
  const { what, key, host, port } = wanted;
  if (port === 0) return finding('ok', 'port', `any free one for ${what}`);
  if (ownPorts.has(port)) return finding('ok', 'port', `${port} for ${what} is in use by kwota itself`);
  const code = await listenOnce(host, port);
  const flag = `--${key.replace('.', '-')}`;
  switch (code) {
    case null:
      return finding('ok', 'port', `${port} for ${what} is free`);
    case 'EADDRINUSE':
      return finding(
        'bad',
        'port',
        `${port} for ${what} is in use by another program`,
        `set ${key}, or ${flag}`,
      );
    case 'EACCES': {
      const hint = `take one above 1023 with ${key}; a service may be given a lower one`;
      return finding('bad', 'port', `you may not listen on ${port} for ${what}`, hint);
    }
    default: {
      const hint = `set ${key.replace('.port', '.host')} to an address of this machine`;
      return finding('bad', 'port', `${host} for ${what} is no address to listen on (${code})`, hint);
    }
  }
}

/** Null where that was possible, else the system's code. */
function listenOnce(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
