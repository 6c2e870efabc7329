// `kwota forward …` as the command line has it. What it does is in commands/forward.ts, loaded when needed.
import type { Command } from 'commander';
import { checkServerOptions } from './api-commands.ts';
import type { ChoiceOptions } from './commands/forward.ts';
import { example } from './examples.ts';

export function addForward(program: Command): void {
  const forward = program
    .command('forward')
    .description('readings on their way to the external API, and those that it refuses')
    .addHelpText('after', example('kwota forward list'));
  command(forward, 'list', 'how it stands, and the readings that are parked')
    .addHelpText('after', example('kwota forward list', 'kwota forward list --json'))
    .action(async (_, command: Command) => {
      const { runForwardList } = await import('./commands/forward.ts');
      await runForwardList(optionsOf(command));
    });
  addChoice(forward, 'retry', 'sends parked readings once more');
  addChoice(forward, 'drop', 'gives parked readings up: they are never sent');
  command(forward, 'pause', 'holds readings back, also over a restart')
    .addHelpText('after', example('kwota forward pause'))
    .action(async (_, command: Command) => {
      const { runForwardSwitch } = await import('./commands/forward.ts');
      await runForwardSwitch('pause', optionsOf(command));
    });
  command(forward, 'resume', 'sends again; after a failure at once')
    .addHelpText('after', example('kwota forward resume'))
    .action(async (_, command: Command) => {
      const { runForwardSwitch } = await import('./commands/forward.ts');
      await runForwardSwitch('resume', optionsOf(command));
    });
}

function addChoice(forward: Command, action: 'retry' | 'drop', description: string): void {
  forward
    .command(action)
    .description(description)
    .argument('[reading...]', 'ids, as kwota forward list shows them')
    .option('--all', 'all that are parked')
    .option('--json', 'for programs')
    .addHelpText('after', example(`kwota forward ${action} 4f2a9c01b7e3`, `kwota forward ${action} --all`))
    .action(async (ids: string[], { all }: { all?: boolean }, command: Command) => {
      if (ids.length > 0 === (all === true)) command.error('kwota: name the readings, or take --all');
      const { runForwardChoice } = await import('./commands/forward.ts');
      await runForwardChoice(action, ids, optionsOf(command));
    });
}

function command(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .allowExcessArguments(false)
    .description(description)
    .option('--json', 'for programs');
}

/** What the options of its command make of it; the command line has checked the rest. */
function optionsOf(command: Command): ChoiceOptions {
  checkServerOptions(command);
  return command.optsWithGlobals();
}
