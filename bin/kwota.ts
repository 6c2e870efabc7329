// The entry: reads the command line and runs one command. What a command does is in commands/; nothing else exits the process.
import { Command, CommanderError, Option } from 'commander';
import { buildInfo } from '../src/runtime/build-info.ts';
import { addApiCommands } from './api-commands.ts';
import { addCall } from './call-command.ts';
import { addCompletion } from './completion-command.ts';
import { endWithItsReader } from './closed-output.ts';
import { describeFailure, isWrongUsage } from './failure.ts';
import { addForward } from './forward-commands.ts';
import { addObserveCommands } from './observe-commands.ts';
import { addSimulate } from './simulate-command.ts';
import { addSetupCommands } from './setup-commands.ts';
import { addSiteCommands } from './site-commands.ts';
import { addTui, namesServer, openKwota } from './tui-command.ts';
import { addUserCommands } from './user-commands.ts';
import { addWebhooks } from './webhook-commands.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const HELP_AFTER = `
Without a command: the dashboard; where no server runs on the data folder, one is started first and stays.

Examples:
  kwota
  kwota serve --data ./data --ocpp-port 9000`;

function versionLine(): string {
  const { version, commit, date, isSource } = buildInfo();
  return `kwota ${version} (${isSource ? 'from source' : `commit ${commit}, ${date}`})`;
}

function createProgram(): Command {
  const program = new Command('kwota')
    .description('OCPP 1.6-J central system with a monthly kWh quota for every RFID user')
    .version(versionLine(), '-V, --version')
    .option('--config <file>', 'configuration (default: ./config.yaml, then the one beside the program)')
    .option('--data <dir>', 'data folder (default: data.dir, then ./data, then data beside the program)')
    .option('--ocpp-host <address>', 'where chargers connect: address')
    .option('--ocpp-port <port>', 'where chargers connect: port; 0 is any free one')
    .option('--api-host <address>', 'REST API: address')
    .option('--api-port <port>', 'REST API: port; 0 is any free one')
    .option('--log-level <level>', 'debug, info, warn or error')
    .option(
      '--url <url>',
      'a server elsewhere, for commands that ask one; default: the one on the data folder',
    )
    .addOption(
      new Option('--token <token>', 'its token; default: the admin token of the data folder').env(
        'KWOTA_TOKEN',
      ),
    )
    .option('--debug', 'show where an error comes from', false)
    .showHelpAfterError('(kwota --help lists commands and options)')
    .addHelpText('after', HELP_AFTER)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'kwota: ')) })
    .allowExcessArguments()
    .action(async (_, command: Command) => {
      const asked = command.args[0];
      if (asked !== undefined) command.error(`kwota: there is no command ${JSON.stringify(asked)}`);
      if (process.stdin.isTTY && process.stdout.isTTY) await openKwota(command);
      else await serve(command);
    });
  program
    .command('serve')
    .description(
      'the server in the foreground: log on stderr, [READY] on stdout when all ports listen (what kwota alone does where no terminal is)',
    )
    .addOption(new Option('--background').hideHelp())
    .addHelpText('after', '\nExample:\n  kwota serve --ocpp-port 9000 --api-port 8001 --log-level debug')
    .action(async (_, command: Command) => serve(command));
  addTui(program);
  addApiCommands(program);
  addCall(program);
  addUserCommands(program);
  addSiteCommands(program);
  addObserveCommands(program);
  addForward(program);
  addWebhooks(program);
  addSetupCommands(program);
  addReplay(program);
  addSimulate(program);
  addCompletion(program);
  shareOptions(program.options, program);
  return program;
}

function addReplay(program: Command): void {
  program
    .command('replay <file>')
    .description('runs a recording through the engine: sessions, energy and quotas that come out of it')
    .option('--users <file>', 'a users1.csv in place of the users in the recording')
    .option('--json', 'for programs')
    .addHelpText('after', '\nExample:\n  kwota replay livoltek.jsonl')
    .action(async (file: string, _, command: Command) => {
      const { runReplay } = await import('./commands/replay.ts');
      await runReplay(file, command.optsWithGlobals());
    });
}

/**
 * Options may stand before or after the command; one that a command has itself means something else there. A word too
 * many is an error for all but the program itself, which has a better one.
 */
function shareOptions(options: readonly Option[], command: Command): void {
  for (const sub of command.commands) {
    const own = new Set(['--version', ...sub.options.map((option) => option.long)]);
    sub.allowExcessArguments(false);
    for (const option of options) if (!own.has(option.long)) sub.addOption(option);
    shareOptions(options, sub);
  }
}

async function serve(command: Command): Promise<void> {
  if (namesServer(command)) {
    command.error('kwota: --url and --token are for commands that ask a running server');
  }
  // Loaded when needed: --version and --help need no server.
  const { runServe } = await import('./commands/serve.ts');
  await runServe(command.optsWithGlobals());
}

/** For who compiles the program in advance: loads what the starts that people wait for are made of, and starts nothing. */
export async function loadAll(): Promise<void> {
  await import('./commands/serve.ts');
  await import('./commands/tui.ts');
  await import('../tui/run.tsx');
}

endWithItsReader();
createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
      return;
    }
    // A part that was started may still hold the process; what was acknowledged is on disk.
    const code = isWrongUsage(error) ? EXIT_USAGE : EXIT_FAILED;
    process.stderr.write(describeFailure(error, process.argv.includes('--debug')), () => process.exit(code));
  });
