// `kwota stop`: ends the server in order, through the API, and waits until it is gone.
import { printableJson } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';
import { readConfiguration } from '../configuration.ts';
import { readServerFile, stopServer } from '../local-server.ts';

export interface StopOptions extends ApiOptions {
  readonly json?: boolean;
}

export async function runStop(options: StopOptions): Promise<void> {
  // The process of a server elsewhere cannot be watched.
  const pid = options.url === undefined ? pidOf(options) : null;
  await withApi(options, async (_, access) => stopServer(access, pid));
  process.stdout.write(options.json ? `${printableJson({ stopped: true })}\n` : 'stopped\n');
}

function pidOf(options: StopOptions): number | null {
  return readServerFile(readConfiguration(options).dataDir)?.pid ?? null;
}
