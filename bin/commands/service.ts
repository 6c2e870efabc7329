// `kwota service install|uninstall|status`: the server as a service of this machine, or what that would be (--print).
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { CommandError } from '../command-error.ts';
import { readConfiguration, type ConfigOptions } from '../configuration.ts';
import { ownProgram } from '../own-program.ts';
import { launchdPlan } from '../service/launchd.ts';
import type { ServiceFacts, ServicePlan, SystemCommand } from '../service/plan.ts';
import { systemdPlan } from '../service/systemd.ts';
import { windowsPlan } from '../service/windows-task.ts';

export interface ServiceOptions extends ConfigOptions {
  readonly name: string;
  readonly user?: string;
  readonly print?: true;
}

const LOWEST_FREE_PORT = 1024;
const PLANS: Readonly<Partial<Record<NodeJS.Platform, (facts: ServiceFacts) => ServicePlan>>> = {
  linux: systemdPlan,
  win32: windowsPlan,
  darwin: launchdPlan,
};

export function runServiceInstall(options: ServiceOptions): void {
  const facts = factsOf(options);
  const plan = planFor(facts);
  if (options.print) {
    process.stdout.write(printed(plan));
    return;
  }
  demandRights('install');
  makeFolder(facts);
  writeFileSync(plan.file.path, plan.file.content);
  try {
    for (const command of plan.install) run(command);
  } finally {
    if (plan.isCopied) rmSync(plan.file.path, { force: true });
  }
  const as = facts.user === null ? '' : `, as ${facts.user}`;
  process.stdout.write(
    `${facts.name} runs on ${facts.dataDir}${as}, and starts with the machine; its log: ${plan.log}\n`,
  );
}

/** The data folder stays. */
export function runServiceUninstall(options: ServiceOptions): void {
  const facts = factsOf(options);
  const plan = planFor(facts);
  demandRights('uninstall');
  if (!plan.isCopied && !existsSync(plan.file.path)) {
    const hint = 'name it with --name';
    throw new CommandError(`no service ${facts.name} is installed: there is no ${plan.file.path}`, hint);
  }
  for (const command of plan.uninstall) tryOut(command);
  rmSync(plan.file.path, { force: true });
  for (const command of plan.afterUninstall) run(command);
  process.stdout.write(`${facts.name} is no service any more; ${facts.dataDir} stays as it is\n`);
}

export function runServiceStatus(options: ServiceOptions): void {
  const [file, ...args] = planFor(factsOf(options)).status;
  const { status, error } = spawnSync(file, args, { stdio: 'inherit' });
  if (error !== undefined) throw notStarted(file, error);
  process.exitCode = status === 0 ? 0 : 1;
}

function factsOf(options: ServiceOptions): ServiceFacts {
  const { config, path, dataDir } = readConfiguration(options);
  const ports = [config.ocpp.port, config.ocpp.tls.port ?? LOWEST_FREE_PORT, config.api.port];
  return {
    ...{ name: options.name, program: ownProgram(), dataDir, flags: flagsOf(options) },
    configPath: path === null ? null : resolve(path),
    user: options.user ?? usualUser(dataDir),
    needsLowPort: ports.some((port) => port > 0 && port < LOWEST_FREE_PORT),
  };
}

/** What was given beside the configuration goes on counting. */
function flagsOf({ ocppHost, ocppPort, apiHost, apiPort, logLevel }: ConfigOptions): string[] {
  const given = [
    ['--ocpp-host', ocppHost],
    ['--ocpp-port', ocppPort],
    ['--api-host', apiHost],
    ['--api-port', apiPort],
    ['--log-level', logLevel],
  ] as const;
  return given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
}

/** Whose folder it is, else who asked for it through sudo; Windows has an account for it. */
function usualUser(dataDir: string): string | null {
  if (process.platform === 'win32') return null;
  if (existsSync(dataDir)) {
    const name = nameOf(statSync(dataDir).uid);
    if (name !== null) return name;
  }
  return process.env['SUDO_USER'] ?? userInfo().username;
}

/** Null for one who has none. */
function nameOf(uid: number): string | null {
  const { status, stdout } = spawnSync('id', ['-un', String(uid)], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

function planFor(facts: ServiceFacts): ServicePlan {
  const plan = PLANS[process.platform];
  if (plan) return plan(facts);
  const hint = 'start kwota serve by what this system has for it';
  throw new CommandError(`no services are known for ${process.platform}`, hint);
}

function printed({ file, install }: ServicePlan): string {
  const commands = install.map((command) => `# ${command.map(shellWord).join(' ')}\n`).join('');
  const content = typeof file.content === 'string' ? file.content : file.content.toString('utf16le').slice(1);
  return `# ${file.path}\n${content}\n# and then:\n${commands}`;
}

function shellWord(text: string): string {
  return /^[\w./:=@%+,*()-]+$/.test(text) ? text : `"${text}"`;
}

function demandRights(what: string): void {
  if (process.platform === 'win32' || process.getuid?.() === 0) return;
  const hint = `say sudo kwota service ${what}; --print shows what would be done`;
  throw new CommandError('a service belongs to the system', hint);
}

/** For who runs the service, before the system looks for it. */
function makeFolder({ dataDir, user }: ServiceFacts): void {
  if (existsSync(dataDir)) return;
  mkdirSync(dataDir, { recursive: true });
  if (user === null) return;
  const idOf = (flag: string) => {
    const { status, stdout } = spawnSync('id', [flag, user], { encoding: 'utf8' });
    if (status === 0) return Number(stdout);
    throw new CommandError(`there is no user ${user}`, 'name one with --user, or make one: useradd --system');
  };
  chownSync(dataDir, idOf('-u'), idOf('-g'));
}

function run(command: SystemCommand): void {
  const [file, ...args] = command;
  process.stdout.write(`> ${command.map(shellWord).join(' ')}\n`);
  const { status, error } = spawnSync(file, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) throw notStarted(file, error);
  if (status === 0) return;
  const hint = 'see what it says above; kwota service uninstall takes everything back';
  throw new CommandError(`${file} ended with code ${status ?? 'none'}`, hint);
}

/** What fails may never have been there. */
function tryOut(command: SystemCommand): void {
  const [file, ...args] = command;
  process.stdout.write(`> ${command.map(shellWord).join(' ')}\n`);
  spawnSync(file, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}

function notStarted(file: string, cause: Error): CommandError {
  const hint = 'this system is managed in another way: --print shows what would be needed';
  return new CommandError(`${file} cannot be run: ${cause.message}`, hint, { cause });
}
