// The server of a data folder, as a process of its own: found where one runs, started where none does, ended when asked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiClientError, requestJson, type ApiAccess } from '../src/api/client.ts';
import { ADMIN_TOKEN_FILE, SERVER_FILE, type ServerFile } from '../src/api/contract.ts';
import { createSiteClient } from '../src/api/site-client.ts';
import { CommandError } from './command-error.ts';
import { startDetached, type ServerStart } from './server-process.ts';

const LOOK_EVERY_MS = 50;
/** What listens at the address of a server that was killed may be a program that never answers. */
const ANSWER_WITHIN_MS = 5_000;
/** Somebody else has the folder: a server that comes up, or a command that edits a file and frees it soon. */
const OTHER_READY_WITHIN_MS = 30_000;
const TRY_AGAIN_AFTER_MS = 1_000;
/** It ends within 5 s, and is killed by nobody after that. */
const GONE_WITHIN_MS = 10_000;

export interface LocalServer {
  readonly access: ApiAccess;
  readonly pid: number;
  /** Where chargers connect, as this machine reaches it; null: not known. */
  readonly ocppUrl: string | null;
}

/** The server that runs on the folder, by its own word and its answer; null where none does. */
export async function findServer(dataDir: string): Promise<LocalServer | null> {
  const file = readServerFile(dataDir);
  const token = readIfThere(join(dataDir, ADMIN_TOKEN_FILE))?.trim();
  if (file === null || token === undefined) return null;
  const access = { url: file.api, token };
  return (await isOurs(access)) ? { access, pid: file.pid, ocppUrl: file.ocpp } : null;
}

/**
 * The server of the folder, started when there is none; `told` hears every now and then that it is not ready yet.
 * Where two are started at the same moment, one of them gets the folder, and both callers get that one.
 */
export async function findOrStartServer(
  start: ServerStart,
  told: (waitedMs: number) => void,
): Promise<LocalServer & { readonly isStarted: boolean }> {
  const found = await findServer(start.dataDir);
  if (found !== null) return { ...found, isStarted: false };
  const began = performance.now();
  let started = startDetached(start);
  let triedAt = began;
  for (;;) {
    const server = await findServer(start.dataDir);
    if (server !== null) {
      const isStarted = server.pid === started.pid;
      // Else it would get the folder later, should the other one end meanwhile.
      if (!isStarted) started.end();
      return { ...server, isStarted };
    }
    const now = performance.now();
    const failure = started.failure();
    if (failure !== null && !(failure.isFolderTaken && now - began < OTHER_READY_WITHIN_MS))
      throw failure.error;
    if (failure !== null && now - triedAt > TRY_AGAIN_AFTER_MS) {
      started = startDetached(start);
      triedAt = now;
    }
    told(now - began);
    await pause(LOOK_EVERY_MS);
  }
}

/** Ends the server in order, through its API; resolves when its address is silent and its process gone. */
export async function stopServer(access: ApiAccess, pid: number | null): Promise<void> {
  await createSiteClient(access).stopServer();
  const deadline = performance.now() + GONE_WITHIN_MS;
  while (performance.now() < deadline) {
    if (!(await answers(access)) && !isAlive(pid)) return;
    await pause(LOOK_EVERY_MS);
  }
  throw new CommandError('the server was told to end and has not', 'its log says what it waits for');
}

/** What the server of the folder says of itself; null where it says nothing that can be used. */
export function readServerFile(
  dataDir: string,
): (Pick<ServerFile, 'api' | 'pid'> & { ocpp: string | null }) | null {
  const text = readIfThere(join(dataDir, SERVER_FILE));
  if (text === null) return null;
  try {
    const { api, ocpp, pid } = JSON.parse(text) as { api?: unknown; ocpp?: unknown; pid?: unknown };
    if (typeof api !== 'string' || !URL.canParse(api)) return null;
    const isUrl = typeof ocpp === 'string' && URL.canParse(ocpp);
    return { api, ocpp: isUrl ? ocpp : null, pid: typeof pid === 'number' ? pid : 0 };
  } catch {
    // Not JSON, so it was not written by a server: there is none to be found by it.
    return null;
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    const hint =
      'it is for the user who runs the server; be that user, or use kwota tui with --url and --token';
    throw new CommandError(`${path} cannot be read (${code ?? String(cause)})`, hint, { cause });
  }
}

/** Another server may listen where that of this folder was before it was killed: it does not know the folder's token. */
async function isOurs(access: ApiAccess): Promise<boolean> {
  const late = new AbortController();
  const isLate = pause(ANSWER_WITHIN_MS, false, { signal: late.signal }).catch(() => false);
  try {
    const asked = requestJson(access, 'chargers?limit=1').then(() => true, isRefusedAsOurs);
    return await Promise.race([asked, isLate]);
  } finally {
    late.abort();
  }
}

/** A problem of kwota's own, but for the token, is an answer of a server that knows us. */
function isRefusedAsOurs(error: unknown): boolean {
  if (!(error instanceof ApiClientError)) throw error;
  return !['noServer', 'otherServer', 'tokenRefused'].includes(error.code);
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

function isAlive(pid: number | null): boolean {
  if (pid === null || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
