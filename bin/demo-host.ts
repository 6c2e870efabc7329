// The demo without its dashboard: a server on free ports in a folder that goes with it, and chargers that come to it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN_TOKEN_FILE } from '../src/api/contract.ts';
import { loadConfig } from '../src/config/load.ts';
import { ConfigError } from '../src/config/problem.ts';
import type { Config } from '../src/config/schema.ts';
import type { User } from '../src/domain/user.ts';
import { createKwota } from '../src/kwota.ts';
import { writePast } from '../src/past.ts';
import { buildInfo } from '../src/runtime/build-info.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { DemoSite } from '../src/simulator/demo-site.ts';
import { demoUsers, demoUsersCsv, type DemoUser } from '../src/simulator/demo-users.ts';
import { readyLine, stopWhenTold } from './foreground.ts';
import { createServerLog } from './server-log.ts';

const DAY_MS = 86_400_000;
/** A month, and enough of the one before to compare it with. */
const PAST_MS = 45 * DAY_MS;

export interface DemoHostOptions {
  /** Of the log on stderr; else only what is wrong. */
  readonly logLevel: string | undefined;
  /** Ends the demo, beside the signals. */
  readonly isOver: Promise<string>;
}

/** Resolves when it was told to end, and everything that it made is gone. */
export async function hostDemo({ logLevel, isOver }: DemoHostOptions): Promise<void> {
  // Whoever read it may have gone away.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const dataDir = mkdtempSync(join(tmpdir(), 'kwota-demo-'));
  const remove = () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  // Also when the process is ended by something else than its own stop, a second Ctrl-C for one.
  process.once('exit', remove);
  const config = demoConfig(dataDir, logLevel);
  const { log, lines, file } = createServerLog(config, dataDir);
  const site = new DemoSite({ clock: systemClock, tell: () => undefined });
  await endingAtOnce(() => makePast(site, config, dataDir));
  const failed = Promise.withResolvers<never>();
  const asked = Promise.withResolvers<string>();
  void isOver.then(asked.resolve);
  const kwota = createKwota({
    ...{ config, dataDir, log, clock: systemClock, version: buildInfo().version },
    ...{ logLines: lines, logFile: file },
    onFatal: failed.reject,
    onStopAsked: asked.resolve,
  });
  const end = async () => {
    await site.end();
    await kwota.stop();
  };
  const stopped = stopWhenTold({ stop: end }, asked.promise, log);
  const addresses = await kwota.start();
  site.start(`ws://${addresses.ocpp.host}:${addresses.ocpp.port}`);
  process.stdout.write(readyLine(addresses, dataDir));
  process.stdout.write(
    `its admin token is in ${join(dataDir, ADMIN_TOKEN_FILE)}; Ctrl-C ends and removes it all\n`,
  );
  await Promise.race([stopped, failed.promise]);
}

/** While there is nothing yet to end in order: a signal ends the process, and what is to be done at its exit is done. */
async function endingAtOnce(run: () => Promise<void>): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const end = () => process.exit(1);
  for (const signal of signals) process.on(signal, end);
  await run();
  for (const signal of signals) process.off(signal, end);
}

/** Nothing of this machine's configuration: the demo is the same everywhere, but for the time zone. */
function demoConfig(dataDir: string, logLevel = 'warn'): Config {
  const loaded = loadConfig({
    file: null,
    env: {},
    flags: {
      'site.name': 'kwota demo',
      'data.dir': dataDir,
      'ocpp.host': '127.0.0.1',
      'ocpp.port': '0',
      'api.port': '0',
      'log.level': logLevel,
    },
    machine: { cwd: dataDir, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  });
  if ('problems' in loaded) throw new ConfigError(loaded.problems);
  return loaded.config;
}

/** Users whose quotas are in all states by what they have charged in the weeks before. */
async function makePast(site: DemoSite, config: Config, dataDir: string): Promise<void> {
  const nowMs = Date.now();
  const messages = site.past(nowMs - PAST_MS, nowMs);
  const used = await writePast({ config, dataDir, users: demoUsers.map(unlimited), messages, nowMs });
  const yesterday = new Date(nowMs - DAY_MS).toISOString().slice(0, 10);
  writeFileSync(
    join(dataDir, 'users1.csv'),
    demoUsersCsv((idTag) => used.get(idTag) ?? 0, yesterday),
  );
}

function unlimited({ idTag, name, surname, account }: DemoUser): User {
  const rules = { quotaWh: 0, isUnlimited: true, isBlocked: false, expires: null };
  return { idTag, name, surname, account: account ?? null, ...rules };
}
