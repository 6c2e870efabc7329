// The commands that ask a running server, as the command line has them. What they do is in commands/, loaded when needed.
import { InvalidArgumentError, type Command } from 'commander';
import { TRACE_LIMIT_DEFAULT, TRACE_LIMIT_MAX } from '../src/api/contract.ts';
import { addChargerAdminCommands } from './charger-admin-commands.ts';
import { example } from './examples.ts';
import { checkServerOptions, jsonCommand } from './server-options.ts';

export function addApiCommands(program: Command): void {
  addChargers(program);
  addTrace(program);
  addRecord(program);
}

function addChargers(program: Command): void {
  const chargers = program
    .command('chargers')
    .description('the chargers that the running server knows')
    .addHelpText('after', example('kwota chargers list'));
  jsonCommand(chargers, 'list', 'all chargers: connection, status, running sessions')
    .addHelpText('after', example('kwota chargers list --json'))
    .action(async (_, command: Command) => {
      const { runChargersList } = await import('./commands/chargers.ts');
      await runChargersList(checkServerOptions(command).optsWithGlobals());
    });
  jsonCommand(chargers, 'show <id>', 'one charger: what it says of itself, its connectors and sessions')
    .addHelpText('after', example('kwota chargers show LIVOLTEK_01'))
    .action(async (id: string, _, command: Command) => {
      const { runChargersShow } = await import('./commands/chargers.ts');
      await runChargersShow(id, checkServerOptions(command).optsWithGlobals());
    });
  jsonCommand(
    chargers,
    'quirks <id>',
    'what a charger was seen doing that OCPP does not say, and how kwota handles it',
  )
    .addHelpText('after', example('kwota chargers quirks LIVOLTEK_01'))
    .action(async (id: string, _, command: Command) => {
      const { runChargersQuirks } = await import('./commands/chargers.ts');
      await runChargersQuirks(id, checkServerOptions(command).optsWithGlobals());
    });
  addChargerAdminCommands(chargers);
  jsonCommand(
    chargers,
    'local-list <id>',
    'sends the users to a charger as its own list of cards, for when it cannot ask',
  )
    .addHelpText('after', example('kwota chargers local-list LIVOLTEK_01'))
    .action(async (id: string, _, command: Command) => {
      const { runLocalList } = await import('./commands/local-list.ts');
      await runLocalList(id, checkServerOptions(command).optsWithGlobals());
    });
}

function addTrace(program: Command): void {
  program
    .command('trace <id>')
    .description('the raw frames of one charger: → from the charger, ← to the charger')
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .option('-n, --limit <lines>', 'how many of the newest lines', traceLimit, TRACE_LIMIT_DEFAULT)
    .option('--json', 'for programs: one JSON object a line')
    .addHelpText('after', example('kwota trace LIVOLTEK_01 -f'))
    .action(async (id: string, _, command: Command) => {
      const { runTrace } = await import('./commands/trace.ts');
      await runTrace(id, checkServerOptions(command).optsWithGlobals());
    });
}

function addRecord(program: Command): void {
  program
    .command('record <id> <file>')
    .description('saves the trace of one charger, with what kwota replay needs, for a bug report')
    .option('--force', 'replace the file if it exists')
    .addHelpText('after', example('kwota record LIVOLTEK_01 livoltek.jsonl'))
    .action(async (id: string, file: string, _, command: Command) => {
      const { runRecord } = await import('./commands/record.ts');
      await runRecord(id, file, checkServerOptions(command).optsWithGlobals());
    });
}

function traceLimit(text: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= TRACE_LIMIT_MAX) return value;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${TRACE_LIMIT_MAX}.`);
}
