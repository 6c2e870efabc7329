// `.kwota/server.json`: where this server listens, for the commands and the dashboard on the same machine. Joins files and API.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVER_FILE, type ServerFile } from './api/contract.ts';
import { replaceFile } from './files/atomic-write.ts';

const OWNER_ONLY = 0o600;

interface Listening {
  readonly host: string;
  readonly port: number;
}

/** Written when all ports listen, by the holder of the folder's lock. */
export async function writeServerFile(
  dataDir: string,
  listening: {
    readonly ocpp: Listening & { readonly isTls?: boolean };
    readonly api: Listening & { readonly local?: Listening | null };
  },
  about: Pick<ServerFile, 'pid' | 'version' | 'startedAt'>,
): Promise<void> {
  const { ocpp, api } = listening;
  const content: ServerFile = {
    ocpp: localUrl(ocpp.isTls === true ? 'wss' : 'ws', ocpp),
    api: localUrl('http', api.local ?? api),
    ...about,
  };
  await replaceFile(join(dataDir, SERVER_FILE), `${JSON.stringify(content, null, 2)}\n`, {
    mode: OWNER_ONLY,
  });
}

export async function removeServerFile(dataDir: string): Promise<void> {
  await rm(join(dataDir, SERVER_FILE), { force: true });
}

/** A server that listens on every address is reached on the machine's own. */
function localUrl(scheme: 'ws' | 'wss' | 'http', { host, port }: Listening): string {
  if (host === '0.0.0.0') return `${scheme}://127.0.0.1:${port}`;
  if (host === '::') return `${scheme}://[::1]:${port}`;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
