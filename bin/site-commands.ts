// `kwota sessions …`, `kwota tokens …` and `kwota stop` as the command line has them. What they do is in commands/, loaded when needed.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { example } from './examples.ts';
import { checkServerOptions, jsonCommand } from './server-options.ts';

/** The largest page that the API gives. */
const LIST_MAX = 1000;
const LIST_DEFAULT = 50;
const LARGEST_ID = 2_147_483_647;

export function addSiteCommands(program: Command): void {
  addSessions(program);
  addTokens(program);
  jsonCommand(program, 'stop', 'ends the running server in order, and waits until it is gone')
    .addHelpText('after', example('kwota stop', 'kwota stop --data /srv/kwota/data'))
    .action(async (_, command: Command) => {
      const { runStop } = await import('./commands/stop.ts');
      await runStop(checkServerOptions(command).optsWithGlobals());
    });
}

function addSessions(program: Command): void {
  const sessions = program
    .command('sessions')
    .description('what is and was charged, and how to end it')
    .addHelpText('after', example('kwota sessions list --running'));
  addSessionList(sessions);
  withId(sessions, 'show', 'one session: energy by day, how it ended, what was done to end it')
    .addHelpText('after', example('kwota sessions show 178412345'))
    .action(async (transaction: number, _, command: Command) => {
      const { runSessionsShow } = await import('./commands/sessions.ts');
      await runSessionsShow(transaction, checkServerOptions(command).optsWithGlobals());
    });
  withId(sessions, 'stop', 'asks the charger to end it, by ever stronger means until it has')
    .addHelpText('after', example('kwota sessions stop 178412345'))
    .action(async (transaction: number, _, command: Command) => {
      const { runSessionsStop } = await import('./commands/sessions.ts');
      await runSessionsStop(transaction, checkServerOptions(command).optsWithGlobals());
    });
  withId(sessions, 'close', 'ends a stuck one on record; nothing is sent to the charger')
    .option('--meter <kWh>', 'what its meter shows now; default: its last sample', numberOf)
    .addHelpText(
      'after',
      example('kwota sessions close 178412345', 'kwota sessions close 178412345 --meter 1523.4'),
    )
    .action(async (transaction: number, _, command: Command) => {
      const { runSessionsClose } = await import('./commands/sessions.ts');
      await runSessionsClose(transaction, checkServerOptions(command).optsWithGlobals());
    });
}

function addSessionList(sessions: Command): void {
  command(sessions, 'list', 'the newest first')
    .option('--running', 'only those that have not ended')
    .option('--tag <idTag>', 'only those of this card')
    .option('--from <time>', 'started then or later, like 2026-11-30 or 2026-11-30T08:00:00Z', timeOf)
    .option('--to <time>', 'started before then', timeOf)
    .option('--month <month>', 'started, or charged something, in this month, like 2026-11')
    .option('-n, --limit <count>', 'how many at most', countOf, LIST_DEFAULT)
    .addHelpText(
      'after',
      example('kwota sessions list --running', 'kwota sessions list --tag 04A2B3C4 --month 2026-11'),
    )
    .action(async (_, command: Command) => {
      const { runSessionsList } = await import('./commands/sessions.ts');
      await runSessionsList(checkServerOptions(command).optsWithGlobals());
    });
}

function addTokens(program: Command): void {
  const tokens = program
    .command('tokens')
    .description('who else may use the API: tokens with a role')
    .addHelpText('after', example('kwota tokens add wall-screen --role viewer'));
  const role = new Option('--role <role>', 'viewer reads, operator commands chargers as well, admin may all')
    .choices(['viewer', 'operator', 'admin'])
    .makeOptionMandatory();
  jsonCommand(tokens, 'list', 'names and roles; the tokens themselves are not kept')
    .addHelpText('after', example('kwota tokens list'))
    .action(async (_, command: Command) => {
      const { runTokensList } = await import('./commands/tokens.ts');
      await runTokensList(checkServerOptions(command).optsWithGlobals());
    });
  tokens
    .command('add <name>')
    .description('a new token, which is shown once')
    .addOption(role)
    .option('--json', 'for programs')
    .addHelpText('after', example('kwota tokens add wall-screen --role viewer'))
    .action(async (name: string, _, command: Command) => {
      const { runTokensAdd } = await import('./commands/tokens.ts');
      await runTokensAdd(name, checkServerOptions(command).optsWithGlobals());
    });
  jsonCommand(tokens, 'remove <name>', 'it opens nothing any more')
    .addHelpText('after', example('kwota tokens remove wall-screen'))
    .action(async (name: string, _, command: Command) => {
      const { runTokensRemove } = await import('./commands/tokens.ts');
      await runTokensRemove(name, checkServerOptions(command).optsWithGlobals());
    });
}

function command(parent: Command, usage: string, description: string): Command {
  return parent
    .command(usage)
    .description(description)
    .option('--charger <id>', 'of this charger: two chargers may have the same transaction id')
    .option('--json', 'for programs');
}

function withId(parent: Command, name: string, description: string): Command {
  return command(parent, name, description).argument('<transaction>', 'its id', idOf);
}

function idOf(text: string): number {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (id >= 1 && id <= LARGEST_ID) return id;
  throw new InvalidArgumentError('A transaction is a whole number, as kwota sessions list shows it.');
}

function countOf(text: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= LIST_MAX) return count;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${LIST_MAX}.`);
}

function numberOf(text: string): number {
  const value = /^\d+(?:[.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : NaN;
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It is a number, like 1523.4.');
}

/** A day begins at midnight UTC. */
function timeOf(text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}(?:T.*)?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isFinite(at)) return new Date(at).toISOString();
  throw new InvalidArgumentError('It is a time like 2026-11-30 or 2026-11-30T08:00:00Z.');
}
