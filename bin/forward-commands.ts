// `kwota forward …` as the command line has it. What it does is in commands/forward.ts, loaded when needed.
import type { Command } from 'commander';
import { example } from './examples.ts';
import { checkServerOptions, jsonCommand } from './server-options.ts';

export function addForward(program: Command): void {
  const forward = program
    .command('forward')
    .description('readings on their way to the external API, and those that it refuses')
    .addHelpText('after', example('kwota forward list'));
  jsonCommand(forward, 'list', 'how it stands, and the readings that are parked')
    .addHelpText('after', example('kwota forward list', 'kwota forward list --json'))
    .action(async (_, command: Command) => {
      const { runForwardList } = await import('./commands/forward.ts');
      await runForwardList(checkServerOptions(command).optsWithGlobals());
    });
  addChoice(forward, 'retry', 'sends parked readings once more');
  addChoice(forward, 'drop', 'gives parked readings up: they are never sent');
  jsonCommand(forward, 'pause', 'holds readings back, also over a restart')
    .addHelpText('after', example('kwota forward pause'))
    .action(async (_, command: Command) => {
      const { runForwardSwitch } = await import('./commands/forward.ts');
      await runForwardSwitch('pause', checkServerOptions(command).optsWithGlobals());
    });
  jsonCommand(forward, 'resume', 'sends again; after a failure at once')
    .addHelpText('after', example('kwota forward resume'))
    .action(async (_, command: Command) => {
      const { runForwardSwitch } = await import('./commands/forward.ts');
      await runForwardSwitch('resume', checkServerOptions(command).optsWithGlobals());
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
      await runForwardChoice(action, ids, checkServerOptions(command).optsWithGlobals());
    });
}
