// `kwota doctor`: whether this machine is fit for the server, and what to type into a charger. It changes nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_FILE } from '../../src/api/contract.ts';
import type { Config } from '../../src/config/schema.ts';
import { buildInfo } from '../../src/runtime/build-info.ts';
import { printable, printableJson } from '../../src/runtime/printable.ts';
import { readConfiguration, type ConfigOptions } from '../configuration.ts';
import { checkAddresses, checkFirewall, type ChargerDoor } from '../doctor/addresses.ts';
import { checkCertificates } from '../doctor/certificates.ts';
import { checkDataFolder } from '../doctor/data-folder.ts';
import { finding, type Finding, type Level } from '../doctor/finding.ts';
import { checkPort, type WantedPort } from '../doctor/ports.ts';
import { checkStore } from '../doctor/store.ts';
import { checkTime } from '../doctor/time.ts';
import { timeText } from '../time-text.ts';

export interface DoctorOptions extends ConfigOptions {
  readonly json?: true;
}

const JSON_INDENT = 2;
const ANSWER_WITHIN_MS = 5_000;
const LEVEL_WIDTH = 'warning'.length + 2;
const ABOUT_WIDTH = 'configuration'.length + 2;

export async function runDoctor(options: DoctorOptions): Promise<void> {
  const { config, path, dataDir } = readConfiguration(options);
  const server = await runningServer(config, dataDir);
  const nowMs = Date.now();
  const { timeZone } = config.site;
  const ports = wantedPorts(config);
  const doors = server?.doors ?? chargerDoors(config);
  const findings: Finding[] = [
    finding('ok', 'configuration', path ?? 'none, so every key has its default; kwota init writes one'),
    serverFinding(server, dataDir),
    ...(await Promise.all(ports.map((port) => checkPort(port, server?.ports ?? new Set())))),
    ...checkDataFolder(dataDir),
    ...checkStore(dataDir),
    ...checkTime({ nowMs, timeZone, dataDir, buildDate: buildInfo().date }),
  ];
  for (const section of ['ocpp', 'api'] as const) {
    const tls = await checkCertificates(`${section}.tls`, config[section].tls, nowMs);
    if (tls !== null) findings.push(tls);
  }
  const [first, ...more] = doors.map(({ port }) => port).filter((port) => port !== 0);
  if (first !== undefined) findings.push(checkFirewall([first, ...more]));
  findings.push(...checkAddresses(doors));
  process.stdout.write(
    options.json
      ? `${printableJson(findings, JSON_INDENT)}\n`
      : findings.map(line).join('') + verdict(findings),
  );
  if (findings.some(({ level }) => level === 'bad')) process.exitCode = 1;
}

function line({ level, about, text, hint }: Finding): string {
  const said = `${text}${hint === null ? '' : `; ${hint}`}`;
  return `${level.padEnd(LEVEL_WIDTH)}${about.padEnd(ABOUT_WIDTH)}${printable(said)}\n`;
}

function verdict(findings: readonly Finding[]): string {
  const count = (which: Level) => findings.filter(({ level }) => level === which).length;
  const [bad, warnings] = [count('bad'), count('warning')];
  if (bad > 0) return `${bad} bad: the server does not work like this\n`;
  return warnings > 0 ? 'nothing bad; see the warnings\n' : 'all is well\n';
}

interface RunningServer {
  /** What is known of it, in words. */
  readonly text: string;
  readonly ports: ReadonlySet<number>;
  /** Where chargers reach it: it may have been started with other flags. */
  readonly doors: readonly ChargerDoor[];
}

/** Null: none answers for this data folder. */
async function runningServer(config: Config, dataDir: string): Promise<RunningServer | null> {
  try {
    const file = JSON.parse(readFileSync(join(dataDir, SERVER_FILE), 'utf8')) as Record<string, unknown>;
    const ocpp = new URL(String(file['ocpp']));
    const api = new URL(String(file['api']));
    if (!(await answers(api.origin))) return null;
    const { host, pathPrefix, tls } = config.ocpp;
    const port = Number(ocpp.port);
    const scheme = ocpp.protocol === 'wss:' ? 'wss' : 'ws';
    // Of the ports for TLS, the file has only those that take the place of another one.
    const second = tls.cert === null || tls.port === null ? [] : [tls.port];
    const secure = config.api.tls.cert === null ? [] : [config.api.port];
    return {
      text: `since ${timeText(String(file['startedAt']))}, process ${Number(file['pid'])}`,
      ports: new Set([port, Number(api.port), ...second, ...secure]),
      doors: [
        { scheme, host, port, pathPrefix },
        ...second.map((other) => ({ scheme: 'wss' as const, host, port: other, pathPrefix })),
      ],
    };
  } catch (error) {
    // No file, one that a killed server left, or nobody who answers: what is wrong then shows at the ports.
    const isForbidden = ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
    return isForbidden ? serverOfAnother(config) : null;
  }
}

/** The folder is another user's, as that of a service is. Whether it lives can still be asked. */
async function serverOfAnother(config: Config): Promise<RunningServer | null> {
  const { host, port } = config.api;
  if (!(await answers(`http://${host.includes(':') ? `[${host}]` : host}:${port}`))) return null;
  const doors = chargerDoors(config);
  const ports = new Set([port, ...doors.map((door) => door.port)]);
  return { text: 'as another user, who alone may read it', ports, doors };
}

/** Whether a server of kwota does, there; well or not. That much is told without a token. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return 'sessionsRunning' in ((await response.json()) as object);
  } catch {
    return false;
  }
}

function serverFinding(server: RunningServer | null, dataDir: string): Finding {
  if (server === null) return finding('note', 'server', `none runs on ${dataDir}`, 'kwota serve starts one');
  return finding('ok', 'server', `runs on ${dataDir} ${server.text}`);
}

function wantedPorts({ ocpp, api }: Config): WantedPort[] {
  const tlsPort = ocpp.tls.cert === null ? null : ocpp.tls.port;
  return [
    { what: 'chargers', key: 'ocpp.port', host: ocpp.host, port: ocpp.port },
    ...(tlsPort === null
      ? []
      : [{ what: 'chargers (wss)', key: 'ocpp.tls.port', host: ocpp.host, port: tlsPort }]),
    { what: 'the API', key: 'api.port', host: api.host, port: api.port },
  ];
}

/** With a certificate and no port of its own, wss takes the place of ws. */
function chargerDoors({ ocpp: { host, port, pathPrefix, tls } }: Config): ChargerDoor[] {
  const open = { scheme: 'ws', host, port, pathPrefix } as const;
  if (tls.cert === null) return [open];
  const closed = { scheme: 'wss', host, port: tls.port ?? port, pathPrefix } as const;
  return tls.port === null ? [closed] : [open, closed];
}
