// `kwota demo`: a site of simulated chargers and made-up users, and the dashboard on it. All of it goes with the dashboard.
// The site is a process of its own, as each server is; it ends when its stdin does, also where the dashboard was killed.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { readConfiguration } from '../configuration.ts';
import { findServer, type LocalServer } from '../local-server.ts';
import { openDashboard, prepareDashboard, type DashboardOptions } from '../open-dashboard.ts';
import { ownProgram } from '../own-program.ts';
import { startingLine } from '../starting-line.ts';

const LOOK_EVERY_MS = 50;
const ANSWERS_WITHIN_MS = 30_000;
const GONE_WITHIN_MS = 8_000;
/** The end of what it said, for when it says why it failed. */
const REMEMBERED_CHARACTERS = 4_000;

export interface DemoOptions extends DashboardOptions {
  readonly untilStdinEnds?: boolean;
}

export async function runDemo(options: DemoOptions): Promise<void> {
  if (process.stdin.isTTY && process.stdout.isTTY) await runWithDashboard(options);
  else await runAlone(options);
}

/** Says where it listens, and runs until it is told to end. */
async function runAlone({ untilStdinEnds, logLevel }: DemoOptions): Promise<void> {
  // Loaded when needed: the dashboard's process has no server in it.
  const { hostDemo } = await import('../demo-host.ts');
  const over = Promise.withResolvers<string>();
  if (untilStdinEnds) process.stdin.resume().once('end', () => over.resolve('its dashboard'));
  await hostDemo({ logLevel, isOver: over.promise });
}

async function runWithDashboard(options: DemoOptions): Promise<void> {
  const { config } = readConfiguration(options);
  const { file, args } = ownProgram();
  // In a session of its own: Ctrl-C in a pager that the dashboard has opened would end it as well.
  const site = spawn(file, [...args, 'demo', '--until-stdin-ends'], { windowsHide: true, detached: true });
  prepareDashboard();
  const folder = whenReady(site);
  try {
    const answering = folder.then((dataDir) => whenAnswering(site, dataDir));
    const { access, ocppUrl } = await saying(answering);
    await openDashboard({ access, ocppUrl, config, options, isStarted: false });
  } finally {
    await end(site);
    // It removes its folder itself, unless it was killed.
    const dataDir = await folder.catch(() => null);
    if (dataDir !== null) rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Says on one line that one has to wait, as long as one has to. */
async function saying<T>(ready: Promise<T>): Promise<T> {
  const line = startingLine(process.stderr, 'the demo');
  const began = performance.now();
  let isOver = false;
  const over = ready.finally(() => (isOver = true)).catch(() => undefined);
  while (!isOver) {
    line.waiting(performance.now() - began);
    await Promise.race([over, pause(LOOK_EVERY_MS)]);
  }
  line.clear();
  return ready;
}

/** On a machine that is busy, it may take the server some time to give its first answer. */
async function whenAnswering(site: ChildProcess, dataDir: string): Promise<LocalServer> {
  const deadline = performance.now() + ANSWERS_WITHIN_MS;
  while (site.exitCode === null && site.signalCode === null && performance.now() < deadline) {
    const server = await findServer(dataDir);
    if (server !== null) return server;
    await pause(LOOK_EVERY_MS);
  }
  const isOver = site.exitCode !== null || site.signalCode !== null;
  throw new Error(`the server of the demo ${isOver ? 'has ended at once' : 'does not answer'}`);
}

/** Resolves with its data folder; rejects with its own words when it ends before. */
async function whenReady(site: ChildProcess): Promise<string> {
  const { stdout, stderr } = site;
  if (stdout === null || stderr === null) throw new Error('the demo has no output to read');
  let said = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-REMEMBERED_CHARACTERS);
  });
  const ready = Promise.withResolvers<string>();
  createInterface({ input: stdout }).on('line', (line) => {
    const found = /^\[READY\] .* data=(.+)$/.exec(line)?.[1];
    if (found !== undefined) ready.resolve(found);
  });
  site.once('error', ready.reject);
  site.once('close', () => ready.reject(new Error(`the demo could not be started\n${said.trim()}`)));
  return ready.promise;
}

async function end(site: ChildProcess): Promise<void> {
  if (site.exitCode !== null || site.signalCode !== null || site.pid === undefined) return;
  const gone = once(site, 'exit');
  site.stdin?.end();
  const late = new AbortController();
  const isLate = pause(GONE_WITHIN_MS, true, { signal: late.signal }).catch(() => false);
  if (await Promise.race([gone.then(() => false), isLate])) site.kill('SIGKILL');
  late.abort();
}
