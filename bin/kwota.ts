// The entry: reads the command line and runs one command. What a command does is in commands/; nothing else exits the process.
import { Command, CommanderError, type Option } from 'commander';
import { buildInfo } from '../src/runtime/build-info.ts';
import { addApiCommands } from './api-commands.ts';
import { addCall } from './call-command.ts';
import { endWithItsReader } from './closed-output.ts';
import { describeFailure, isWrongUsage } from './failure.ts';
import { addSimulate } from './simulate-command.ts';
import { addSiteCommands } from './site-commands.ts';
import { addUserCommands } from './user-commands.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

function versionLine(): string {
  const { version, commit, date } = buildInfo();
  return commit === 'unknown'
    ? `kwota ${version} (from source)`
    : `kwota ${version} (commit ${commit}, ${date})`;
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
    .option('--token <token>', 'its token; default: the admin token of the data folder')
    .option('--debug', 'show where an error comes from', false)
    .showHelpAfterError('(kwota --help lists commands and options)')
    .addHelpText('after', '\nExample:\n  kwota serve --data ./data --ocpp-port 9000')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'kwota: ')) })
    .allowExcessArguments()
    .action(async (_, command: Command) => {
      const asked = command.args[0];
      if (asked !== undefined) command.error(`kwota: there is no command ${JSON.stringify(asked)}`);
      await serve(command);
    });
  program
    .command('serve')
    .description(
      'the server in the foreground: log on stderr, [READY] on stdout when all ports listen (the default command)',
    )
    .addHelpText('after', '\nExample:\n  kwota serve --ocpp-port 9000 --api-port 8001 --log-level debug')
    .action(async (_, command: Command) => serve(command));
  addApiCommands(program);
  addCall(program);
  addUserCommands(program);
  addSiteCommands(program);
  addReplay(program);
  addSimulate(program);
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
  const { url, token } = command.optsWithGlobals<{ url?: string; token?: string }>();
  if (url !== undefined || token !== undefined) {
    command.error('kwota: --url and --token are for commands that ask a running server');
  }
  // Loaded when needed: --version and --help need no server.
  const { runServe } = await import('./commands/serve.ts');
  await runServe(command.optsWithGlobals());
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
