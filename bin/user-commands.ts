// `kwota users …` as the command line has it. What the commands do is in commands/users.ts, loaded when needed.
import { InvalidArgumentError, type Command } from 'commander';
import { MAX_ENROLMENT_SECONDS } from '../src/api/contract.ts';
import { example } from './examples.ts';
import { checkServerOptions, jsonCommand } from './server-options.ts';

export function addUserCommands(program: Command): void {
  const users = program
    .command('users')
    .description('who may charge, and how much: users1.csv, through the server when one runs')
    .addHelpText('after', example('kwota users list', 'kwota users add 04A2B3C4 --name Ada --quota 150'));
  addList(users);
  addEdits(users);
  addGrants(users);
  addEnroll(users);
  addImport(users);
}

function addList(users: Command): void {
  jsonCommand(users, 'list', 'all users; with what they have used of this month where a server runs')
    .addHelpText('after', example('kwota users list', 'kwota users list --json'))
    .action(async (_, command: Command) => {
      const { runUsersList } = await import('./commands/users.ts');
      await runUsersList(checkServerOptions(command).optsWithGlobals());
    });
}

function addEdits(users: Command): void {
  withFields(jsonCommand(users, 'add <idTag>', 'a new user; needs --quota or --unlimited'))
    .addHelpText(
      'after',
      example('kwota users add 04A2B3C4 --name Ada --surname Example --quota 150 --expires 2027-06-30'),
    )
    .action(async (idTag: string, _, command: Command) => {
      const { runUsersAdd } = await import('./commands/users.ts');
      await runUsersAdd(idTag, checkServerOptions(command).optsWithGlobals());
    });
  withFields(jsonCommand(users, 'set <idTag>', 'changes a user: only what is given'))
    .addHelpText(
      'after',
      example('kwota users set 04A2B3C4 --quota 200', "kwota users set 04A2B3C4 --expires ''"),
    )
    .action(async (idTag: string, _, command: Command) => {
      const { runUsersSet } = await import('./commands/users.ts');
      await runUsersSet(idTag, checkServerOptions(command).optsWithGlobals());
    });
  for (const [name, isBlocked] of [
    ['block', true],
    ['unblock', false],
  ] as const) {
    const what = isBlocked ? 'may not charge any more; running sessions are stopped' : 'may charge again';
    jsonCommand(users, `${name} <idTag>`, what)
      .addHelpText('after', example(`kwota users ${name} 04A2B3C4`))
      .action(async (idTag: string, _, command: Command) => {
        const { runUsersBlock } = await import('./commands/users.ts');
        await runUsersBlock(idTag, isBlocked, checkServerOptions(command).optsWithGlobals());
      });
  }
  jsonCommand(users, 'remove <idTag>', 'deletes the row; what was charged stays in the books')
    .addHelpText('after', example('kwota users remove 04A2B3C4'))
    .action(async (idTag: string, _, command: Command) => {
      const { runUsersRemove } = await import('./commands/users.ts');
      await runUsersRemove(idTag, checkServerOptions(command).optsWithGlobals());
    });
}

function addGrants(users: Command): void {
  jsonCommand(users, 'grant <idTag>', 'extra kWh for one month; needs a running server')
    .argument('<kWh>', 'how much, like 20 or 12.5', numberOf)
    .argument('[month]', 'of the year, like 2026-11; default: the current one')
    .option('--note <text>', 'why, for the books')
    .addHelpText(
      'after',
      example('kwota users grant 04A2B3C4 20', 'kwota users grant 04A2B3C4 20 2026-12 --note guests'),
    )
    .action(async (idTag: string, kWh: number, month: string | undefined, _, command: Command) => {
      const { runUsersGrant } = await import('./commands/users.ts');
      await runUsersGrant(idTag, kWh, {
        ...checkServerOptions(command).optsWithGlobals(),
        ...(month === undefined ? {} : { month }),
      });
    });
  jsonCommand(users, 'grants <idTag>', 'the grants of a user, and what took them back')
    .addHelpText('after', example('kwota users grants 04A2B3C4'))
    .action(async (idTag: string, _, command: Command) => {
      const { runUsersGrants } = await import('./commands/users.ts');
      await runUsersGrants(idTag, checkServerOptions(command).optsWithGlobals());
    });
  jsonCommand(users, 'revoke <idTag> <grantId>', 'takes a grant back, by another entry in the books')
    .addHelpText('after', example('kwota users revoke 04A2B3C4 GRANT_ID   (kwota users grants shows it)'))
    .action(async (idTag: string, grantId: string, _, command: Command) => {
      const { runUsersRevoke } = await import('./commands/users.ts');
      await runUsersRevoke(idTag, grantId, checkServerOptions(command).optsWithGlobals());
    });
}

function addEnroll(users: Command): void {
  withFields(jsonCommand(users, 'enroll', 'waits for the next unknown card and makes it a user'))
    .option('--charger <id>', 'only a card shown there; default: at any charger')
    .option('--wait <seconds>', 'how long to wait for a card', waitOf, 60)
    .addHelpText(
      'after',
      example('kwota users enroll', 'kwota users enroll --charger LIVOLTEK_01 --name Ada --quota 150'),
    )
    .action(async (_, command: Command) => {
      const { runUsersEnroll } = await import('./commands/users.ts');
      await runUsersEnroll(checkServerOptions(command).optsWithGlobals());
    });
}

function addImport(users: Command): void {
  jsonCommand(
    users,
    'import <file>',
    'a CSV with the columns of users1.csv: adds and changes, all or none; removes nobody',
  )
    .addHelpText('after', example('kwota users import new-tenants.csv'))
    .action(async (file: string, _, command: Command) => {
      const { runUsersImport } = await import('./commands/users.ts');
      await runUsersImport(file, checkServerOptions(command).optsWithGlobals());
    });
}

function withFields(command: Command): Command {
  return command
    .option('--name <text>', 'first name')
    .option('--surname <text>', 'surname')
    .option('--quota <kWh>', 'kWh of a month', numberOf)
    .option('--unlimited', 'no limit')
    .option('--no-unlimited', 'held to the quota')
    .option('--account <name>', "users with the same account share one quota; '' for none")
    .option('--expires <day>', "last good day, like 2027-06-30; '' for none");
}

function waitOf(text: string): number {
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= MAX_ENROLMENT_SECONDS) return seconds;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${MAX_ENROLMENT_SECONDS}.`);
}

/** What can be meant is the user's affair (domain/user-fields.ts); here it only has to be a number. */
function numberOf(text: string): number {
  if (/^-?\d+([.,]\d+)?$/.test(text.trim())) return Number(text.trim().replace(',', '.'));
  throw new InvalidArgumentError('It is a number like 150 or 12.5.');
}
