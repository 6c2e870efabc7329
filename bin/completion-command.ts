// `kwota completion`, and what the shells ask then, as the command line has them.
import { Argument, Option, type Command } from 'commander';
import { completionScript, shells, type Shell } from './completion-scripts.ts';

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .allowExcessArguments(false)
    .description(
      'what a shell has to read so that Tab completes commands, options, chargers, cards and sessions',
    )
    .addArgument(new Argument('<shell>', 'whose').choices(shells))
    .addHelpText(
      'after',
      '\nExamples:\n  eval "$(kwota completion bash)"\n  kwota completion powershell | Out-String | Invoke-Expression',
    )
    .action((shell: Shell) => void process.stdout.write(completionScript(shell)));
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .addOption(new Option('--new-word').hideHelp())
    .action(async (words: string[], { newWord }: { newWord?: boolean }) => {
      const { runComplete } = await import('./commands/complete.ts');
      await runComplete(program, newWord ? [...words, ''] : words);
    });
}
