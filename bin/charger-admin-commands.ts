// `kwota chargers approve|forget|password|hash-password` as the command line has them. What they do is in commands/, loaded when needed.
import { Option, type Command } from 'commander';
import type { ChargerPasswordOptions } from './commands/charger-password.ts';
import type { ApproveOptions } from './commands/chargers.ts';
import { example } from './examples.ts';

/** What the options of a command make of it, once they are found good. */
type OptionsOf = (command: Command) => ApproveOptions & ChargerPasswordOptions;

/** What a person decides about a charger. */
export function addChargerAdminCommands(chargers: Command, optionsOf: OptionsOf): void {
  addApprove(chargers, optionsOf);
  addForget(chargers, optionsOf);
  addPassword(chargers, optionsOf);
}

function addApprove(chargers: Command, optionsOf: OptionsOf): void {
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
      await runChargersApprove(id, optionsOf(command));
    });
}

function addForget(chargers: Command, optionsOf: OptionsOf): void {
  chargers
    .command('forget <id>')
    .description('takes one that is gone off the records; its sessions and their energy stay')
    .option('--json', 'for programs')
    .addHelpText('after', example('kwota chargers forget LIVOLTEK_01'))
    .action(async (id: string, _, command: Command) => {
      const { runChargersForget } = await import('./commands/chargers.ts');
      await runChargersForget(id, optionsOf(command));
    });
}

function addPassword(chargers: Command, optionsOf: OptionsOf): void {
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
      await runChargersPassword(id, optionsOf(command));
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
