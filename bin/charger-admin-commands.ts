// `kwota chargers approve|forget|password|hash-password` as the command line has them. What they do is in commands/, loaded when needed.
import { Option, type Command } from 'commander';
import { example } from './examples.ts';
import { checkServerOptions, jsonCommand } from './server-options.ts';

/** What a person decides about a charger. */
export function addChargerAdminCommands(chargers: Command): void {
  addApprove(chargers);
  addForget(chargers);
  addPassword(chargers);
}

function addApprove(chargers: Command): void {
  chargers
    .command('approve <id>')
    .description('says that a charger is one of the site: it is new no more, or waits no more')
    .option('--in-advance', 'also one that has never connected')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      example('kwota chargers approve LIVOLTEK_01', 'kwota chargers approve GARAGE_2 --in-advance'),
    )
    .action(async (id: string, _, command: Command) => {
      const { runChargersApprove } = await import('./commands/chargers.ts');
      await runChargersApprove(id, checkServerOptions(command).optsWithGlobals());
    });
}

function addForget(chargers: Command): void {
  jsonCommand(
    chargers,
    'forget <id>',
    'takes one that is gone off the records; its sessions and their energy stay',
  )
    .addHelpText('after', example('kwota chargers forget LIVOLTEK_01'))
    .action(async (id: string, _, command: Command) => {
      const { runChargersForget } = await import('./commands/chargers.ts');
      await runChargersForget(id, checkServerOptions(command).optsWithGlobals());
    });
}

function addPassword(chargers: Command): void {
  chargers
    .command('password <id>')
    .description('sets the password that a charger shows; it is asked for, or read from a pipe')
    .addOption(
      new Option('--rotate', 'makes a new one and gives it to the charger; nobody sees it').conflicts(
        'clear',
      ),
    )
    .option('--clear', 'keeps none: that of config.yaml counts')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      example('kwota chargers password LIVOLTEK_01', 'kwota chargers password LIVOLTEK_01 --rotate'),
    )
    .action(async (id: string, _, command: Command) => {
      const { runChargersPassword } = await import('./commands/charger-password.ts');
      await runChargersPassword(id, checkServerOptions(command).optsWithGlobals());
    });
  chargers
    .command('hash-password')
    .description('prints what config.yaml may have in the place of a password; needs no server')
    .addHelpText('after', example('printf \'%s\' "$PASSWORD" | kwota chargers hash-password'))
    .action(async () => {
      const { runHashPassword } = await import('./commands/charger-password.ts');
      await runHashPassword();
    });
}
