// `kwota webhooks …` as the command line has it. What it does is in commands/webhooks.ts, loaded when needed.
import type { Command } from 'commander';
import { checkServerOptions } from './api-commands.ts';
import type { WebhookOptions } from './commands/webhooks.ts';
import { example } from './examples.ts';

export function addWebhooks(program: Command): void {
  const webhooks = program
    .command('webhooks')
    .description('the programs that are told of alarms (alarms.webhooks), and what they refuse')
    .addHelpText('after', example('kwota webhooks list', 'kwota webhooks test on-call'));
  command(webhooks, 'list', 'how alarms get there, and what was refused')
    .addHelpText('after', example('kwota webhooks list', 'kwota webhooks list --json'))
    .action(async (_, command: Command) => {
      const { runWebhooksList } = await import('./commands/webhooks.ts');
      await runWebhooksList(optionsOf(command));
    });
  command(webhooks, 'test', 'sends something that is no alarm, and says what came of it')
    .argument('<name>', 'as in config.yaml')
    .addHelpText('after', example('kwota webhooks test on-call'))
    .action(async (name: string, _, command: Command) => {
      const { runWebhookTest } = await import('./commands/webhooks.ts');
      await runWebhookTest(name, optionsOf(command));
    });
  addChoice(webhooks, 'retry', 'sends what was refused once more, and what waits at once');
  addChoice(webhooks, 'drop', 'gives up what was refused: it is never sent');
}

function addChoice(webhooks: Command, action: 'retry' | 'drop', description: string): void {
  command(webhooks, action, description)
    .argument('<name>', 'as in config.yaml')
    .addHelpText('after', example(`kwota webhooks ${action} on-call`))
    .action(async (name: string, _, command: Command) => {
      const { runWebhookChoice } = await import('./commands/webhooks.ts');
      await runWebhookChoice(action, name, optionsOf(command));
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
function optionsOf(command: Command): WebhookOptions {
  checkServerOptions(command);
  return command.optsWithGlobals();
}
