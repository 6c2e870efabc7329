// The entry: reads the command line and runs one command. What a command does is in commands/; nothing else exits the process.
import { Command, CommanderError } from 'commander';
import { buildInfo } from '../src/runtime/build-info.ts';
import { describeFailure, isWrongUsage } from './failure.ts';

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
    .allowExcessArguments(false)
    .description(
      'the server in the foreground: log on stderr, [READY] on stdout when all ports listen (the default command)',
    )
    .addHelpText('after', '\nExample:\n  kwota serve --ocpp-port 9000 --api-port 8001 --log-level debug')
    .action(async (_, command: Command) => serve(command));
  // Options may stand before or after the command.
  for (const sub of program.commands)
    for (const option of program.options) if (option.long !== '--version') sub.addOption(option);
  return program;
}

async function serve(command: Command): Promise<void> {
  // Loaded when needed: --version and --help need no server.
  const { runServe } = await import('./commands/serve.ts');
  await runServe(command.optsWithGlobals());
}

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
