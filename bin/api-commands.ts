// The commands that ask a running server, as the command line has them. What they do is in commands/, loaded when needed.
import { InvalidArgumentError, type Command } from 'commander';
import { TRACE_LIMIT_DEFAULT, TRACE_LIMIT_MAX } from '../src/api/contract.ts';
import type { ApiOptions } from './api-access.ts';
import { addChargerAdminCommands } from './charger-admin-commands.ts';
import type { ChargersOptions } from './commands/chargers.ts';
import type { RecordOptions } from './commands/record.ts';
import type { TraceOptions } from './commands/trace.ts';

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
  chargers
    .command('list')
    .description('all chargers: connection, status, running sessions')
    .option('--json', 'for programs')
    .addHelpText('after', example('kwota chargers list --json'))
    .action(async (_, command: Command) => {
      const { runChargersList } = await import('./commands/chargers.ts');
      await runChargersList(optionsOf(command));
    });
  chargers
    .command('show <id>')
    .description('one charger: what it says of itself, its connectors and sessions')
    .option('--json', 'for programs')
    .addHelpText('after', example('kwota chargers show LIVOLTEK_01'))
    .action(async (id: string, _, command: Command) => {
      const { runChargersShow } = await import('./commands/chargers.ts');
      await runChargersShow(id, optionsOf(command));
    });
  chargers
    .command('quirks <id>')
    .description('what a charger was seen doing that OCPP does not say, and how kwota handles it')
    .option('--json', 'for programs')
    .addHelpText('after', example('kwota chargers quirks LIVOLTEK_01'))
    .action(async (id: string, _, command: Command) => {
      const { runChargersQuirks } = await import('./commands/chargers.ts');
      await runChargersQuirks(id, optionsOf(command));
    });
  addChargerAdminCommands(chargers, optionsOf);
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
      await runTrace(id, optionsOf(command));
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
      await runRecord(id, file, optionsOf(command));
    });
}

/** What the options of its command make of it; the command line has checked the rest. */
function optionsOf(command: Command): ChargersOptions & TraceOptions & RecordOptions {
  checkServerOptions(command);
  return command.optsWithGlobals();
}

/** Ends the command where --url and --token do not name a server, and prepares for a reader who has had enough. */
export function checkServerOptions(command: Command): void {
  const options: ApiOptions = command.optsWithGlobals();
  if (options.url !== undefined && options.token === undefined) {
    // The token of the data folder is not for a strange server.
    command.error('kwota: --url needs --token, the token of that server');
  }
  if (options.url !== undefined && !/^https?:\/\/./.test(options.url)) {
    command.error('kwota: --url begins with http:// or https://, for example http://127.0.0.1:8001');
  }
  // Whoever read on may have had enough (head): that is no failure.
  process.stdout.once('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : 1),
  );
}

function traceLimit(text: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= TRACE_LIMIT_MAX) return value;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${TRACE_LIMIT_MAX}.`);
}

function example(text: string): string {
  return `\nExample:\n  ${text}`;
}
