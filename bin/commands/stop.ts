// `kwota stop`: ends the server in order, through the API, and waits until it is gone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiClientError, requestJson, type ApiAccess } from '../../src/api/client.ts';
import { SERVER_FILE } from '../../src/api/contract.ts';
import { createSiteClient } from '../../src/api/site-client.ts';
import { withApi, type ApiOptions } from '../api-access.ts';
import { CommandError } from '../command-error.ts';
import { readConfiguration } from '../configuration.ts';
import { printableJson } from '../printable.ts';

export interface StopOptions extends ApiOptions {
  readonly json?: boolean;
}

/** It ends within 5 s, and is killed by nobody after that. */
const GONE_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 100;

export async function runStop(options: StopOptions): Promise<void> {
  const pid = options.url === undefined ? pidOf(options) : null;
  await withApi(options, async (_, access) => {
    await createSiteClient(access).stopServer();
    await untilGone(access, pid);
  });
  process.stdout.write(options.json ? `${printableJson({ stopped: true })}\n` : 'stopped\n');
}

async function untilGone(access: ApiAccess, pid: number | null): Promise<void> {
  const triesLeft = GONE_WITHIN_MS / LOOK_EVERY_MS;
  for (let tries = 0; tries < triesLeft; tries += 1) {
    if (!(await answers(access)) && !isAlive(pid)) return;
    await pause(LOOK_EVERY_MS);
  }
  throw new CommandError('the server was told to end and has not', 'its log says what it waits for');
}

async function answers(access: ApiAccess): Promise<boolean> {
  try {
    await requestJson(access, 'health');
    return true;
  } catch (error) {
    if (error instanceof ApiClientError && error.code === 'noServer') return false;
    throw error;
  }
}

/** The process of a local server; null where that is not known. */
function pidOf(options: StopOptions): number | null {
  try {
    const file = readFileSync(join(readConfiguration(options).dataDir, SERVER_FILE), 'utf8');
    const { pid } = JSON.parse(file) as { pid?: unknown };
    return typeof pid === 'number' && pid > 0 ? pid : null;
  } catch {
    // Whoever asks the server next says what is wrong.
    return null;
  }
}

function isAlive(pid: number | null): boolean {
  if (pid === null) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
