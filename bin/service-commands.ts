// `kwota service …` as the command line has it. What it does is in commands/service.ts, loaded when needed.
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ServiceOptions } from './commands/service.ts';

/** As systemd, launchd and Windows all take it. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/i;

export function addService(program: Command): void {
  const service = program
    .command('service')
    .description('the server as a service of this machine: systemd, a scheduled task of Windows, or launchd')
    .addHelpText('after', '\nExample:\n  sudo kwota service install');
  command(service, 'install', 'starts it now and with the machine, on this configuration and data folder')
    .option('--user <name>', 'who it runs as; default: whose the data folder is (Windows: LocalService)')
    .option('--print', 'shows what would be written and run, and does nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  kwota service install --print\n  sudo kwota service install --data /srv/kwota/data',
    )
    .action(async (_, one: Command) => {
      const { runServiceInstall } = await import('./commands/service.ts');
      runServiceInstall(optionsOf(one));
    });
  command(service, 'uninstall', 'ends it and takes it away; the data folder stays')
    .addHelpText('after', '\nExample:\n  sudo kwota service uninstall')
    .action(async (_, one: Command) => {
      const { runServiceUninstall } = await import('./commands/service.ts');
      runServiceUninstall(optionsOf(one));
    });
  command(service, 'status', 'whether it runs, as the system sees it; exit code 1 when it does not')
    .addHelpText('after', '\nExample:\n  kwota service status')
    .action(async (_, one: Command) => {
      const { runServiceStatus } = await import('./commands/service.ts');
      runServiceStatus(optionsOf(one));
    });
}

function command(service: Command, name: string, description: string): Command {
  const option = new Option('--name <name>', 'of the service, where a machine has several').default('kwota');
  return service
    .command(name)
    .allowExcessArguments(false)
    .description(description)
    .addOption(option.argParser(nameOf));
}

function nameOf(text: string): string {
  if (NAME.test(text)) return text;
  throw new InvalidArgumentError('It is a word of letters, digits and -.');
}

function optionsOf(command: Command): ServiceOptions {
  return command.optsWithGlobals();
}
