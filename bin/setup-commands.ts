// The commands that set a site up and look after it, as the command line has them. What they do is in commands/, loaded when needed.
import type { Command } from 'commander';
import type { BackupOptions } from './commands/backup.ts';
import { example } from './examples.ts';
import { addService } from './service-commands.ts';

export function addSetupCommands(program: Command): void {
  addInit(program);
  addCheck(program);
  addDoctor(program);
  addService(program);
  addBackup(program);
  addLicenses(program);
}

function addInit(program: Command): void {
  program
    .command('init')
    .allowExcessArguments(false)
    .description('writes a commented config.yaml and the data folder; what exists stays as it is')
    .addHelpText('after', example('kwota init', 'kwota init --config site.yaml --data /srv/kwota/data'))
    .action(async (_, command: Command) => {
      const { runInit } = await import('./commands/init.ts');
      await runInit(optionsOf(command));
    });
}

function addCheck(program: Command): void {
  program
    .command('check')
    .allowExcessArguments(false)
    .description('looks at config.yaml and every file of the data folder; exit code 1 if anything is wrong')
    .option('--json', 'for programs')
    .addHelpText('after', example('kwota check', 'kwota check --data /srv/old-stack/data'))
    .action(async (_, command: Command) => {
      const { runCheck } = await import('./commands/check.ts');
      await runCheck(optionsOf(command));
    });
}

function addDoctor(program: Command): void {
  program
    .command('doctor')
    .allowExcessArguments(false)
    .description(
      'looks at this machine: ports, folder, disk, clock, certificates; and what to type into a charger',
    )
    .option('--json', 'for programs')
    .addHelpText('after', example('kwota doctor'))
    .action(async (_, command: Command) => {
      const { runDoctor } = await import('./commands/doctor.ts');
      await runDoctor(optionsOf(command));
    });
}

function addBackup(program: Command): void {
  program
    .command('backup <file>')
    .allowExcessArguments(false)
    .description('the data folder and the configuration in one file (tar.gz), also while the server runs')
    .option('--force', 'replace the file if it exists')
    .option('--json', 'for programs')
    .addHelpText('after', example('kwota backup site.tar.gz', 'kwota backup /mnt/backups/'))
    .action(async (file: string, _, command: Command) => {
      const { runBackup } = await import('./commands/backup.ts');
      await runBackup(file, optionsOf(command));
    });
  program
    .command('restore <file>')
    .allowExcessArguments(false)
    .description('puts a backup back into the data folder; what is there is kept aside')
    .option('--force', 'also where the folder has a store or users already')
    .option('--json', 'for programs')
    .addHelpText('after', example('kwota restore site.tar.gz --data ./data'))
    .action(async (file: string, _, command: Command) => {
      const { runRestore } = await import('./commands/backup.ts');
      await runRestore(file, optionsOf(command));
    });
}

function addLicenses(program: Command): void {
  program
    .command('licenses')
    .allowExcessArguments(false)
    .description('the licences of everything that is inside this program')
    .addHelpText('after', example('kwota licenses | less'))
    .action(async () => {
      const { runLicenses } = await import('./commands/licenses.ts');
      runLicenses();
    });
}

/** These commands work on folders of this machine. */
function optionsOf(command: Command): BackupOptions {
  const options: BackupOptions & { url?: string; token?: string } = command.optsWithGlobals();
  if (options.url !== undefined || options.token !== undefined) {
    command.error('kwota: --url and --token are for commands that ask a running server');
  }
  return options;
}
