// How a command reaches a running server: --url and --token, or the one that runs on the data folder.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN_TOKEN_FILE, SERVER_FILE } from '../src/api/contract.ts';
import { ApiClientError, createApiClient, type ApiAccess, type ApiClient } from '../src/api/client.ts';
import { readConfiguration, type ConfigOptions } from './configuration.ts';

export interface ApiOptions extends ConfigOptions {
  readonly url?: string;
  readonly token?: string;
}

/** Runs `ask` with a client of the server that the options name; its failures are told as the user knows the server. */
export async function withApi(
  options: ApiOptions,
  ask: (api: ApiClient, access: ApiAccess) => Promise<void>,
): Promise<void> {
  const access = accessOf(options);
  try {
    await ask(createApiClient(access), access);
  } catch (error) {
    // It was killed and left its file behind: the address means nothing.
    const isGone = error instanceof ApiClientError && error.code === 'noServer';
    if (isGone && options.url === undefined) throw noLocalServer(readConfiguration(options).dataDir, error);
    throw error;
  }
}

/** The server that the options name, or that says it runs on the data folder; throws `noServer` where none does. */
export function accessOf(options: ApiOptions): ApiAccess {
  const { url, token } = options;
  if (url !== undefined && token !== undefined) return { url, token };
  const { dataDir } = readConfiguration(options);
  return { url: urlIn(dataDir, 'api'), token: token ?? adminToken(dataDir) };
}

/** Where chargers reach the server that says it runs on the data folder; throws `noServer` where none does. */
export function ocppUrlOf(options: ConfigOptions): string {
  return urlIn(readConfiguration(options).dataDir, 'ocpp');
}

/** The same; null where none does. */
export function localOcppUrl(options: ConfigOptions): string | null {
  try {
    return ocppUrlOf(options);
  } catch (error) {
    if (error instanceof ApiClientError && error.code === 'noServer') return null;
    throw error;
  }
}

function urlIn(dataDir: string, which: 'api' | 'ocpp'): string {
  const path = join(dataDir, SERVER_FILE);
  const text = readOwnFile(path, dataDir);
  try {
    const url = (JSON.parse(text) as Partial<Record<string, unknown>>)[which];
    if (typeof url === 'string' && URL.canParse(url)) return url;
  } catch {
    // Told below, like a file that is JSON and says something else.
  }
  throw new Error(`${path} does not say where the server listens; start the server again, or use --url`);
}

function adminToken(dataDir: string): string {
  return readOwnFile(join(dataDir, ADMIN_TOKEN_FILE), dataDir).trim();
}

function readOwnFile(path: string, dataDir: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw noLocalServer(dataDir, cause);
    const hint = 'it is for the user who runs the server; be that user, or use --url and --token';
    throw new Error(`${path} cannot be read (${code ?? String(cause)}); ${hint}`, { cause });
  }
}

function noLocalServer(dataDir: string, cause: unknown): ApiClientError {
  const hint = 'start one with kwota serve, name another folder with --data, or use --url and --token';
  return new ApiClientError('noServer', `no server runs on the data folder ${dataDir}`, hint, { cause });
}
