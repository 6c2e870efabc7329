// `kwota webhooks …` as the command line has it. What it does is in commands/webhooks.ts, loaded when needed.
import type { Command } from 'commander';
import { example } from './examples.ts';
import { checkServerOptions, jsonCommand } from './server-options.ts';

export function addWebhooks(program: Command): void {
  const webhooks = program
    .command('webhooks')
    .description('the programs that are told of alarms (alarms.webhooks), and what they refuse')
    .addHelpText('after', example('kwota webhooks list', 'kwota webhooks test on-call'));
  jsonCommand(webhooks, 'list', 'how alarms get there, and what was refused')
    .addHelpText('after', example('kwota webhooks list', 'kwota webhooks list --json'))
    .action(async (_, command: Command) => {
      const { runWebhooksList } = await import('./commands/webhooks.ts');
      await runWebhooksList(checkServerOptions(command).optsWithGlobals());
    });
  jsonCommand(webhooks, 'test', 'sends something that is no alarm, and says what came of it')
    .argument('<name>', 'as in config.yaml')
    .addHelpText('after', example('kwota webhooks test on-call'))
    .action(async (name: string, _, command: Command) => {
      const { runWebhookTest } = await import('./commands/webhooks.ts');
      await runWebhookTest(name, checkServerOptions(command).optsWithGlobals());
    });
  addChoice(webhooks, 'retry', 'sends what was refused once more, and what waits at once');
  addChoice(webhooks, 'drop', 'gives up what was refused: it is never sent');
}

function addChoice(webhooks: Command, action: 'retry' | 'drop', description: string): void {
  jsonCommand(webhooks, action, description)
    .argument('<name>', 'as in config.yaml')
    .addHelpText('after', example(`kwota webhooks ${action} on-call`))
    .action(async (name: string, _, command: Command) => {
      const { runWebhookChoice } = await import('./commands/webhooks.ts');
      await runWebhookChoice(action, name, checkServerOptions(command).optsWithGlobals());
    });
}
