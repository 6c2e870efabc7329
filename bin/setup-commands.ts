// The commands that set a site up and look after it, as the command line has them. What they do is in commands/, loaded when needed.
import type { Command } from 'commander';

export function addSetupCommands(program: Command): void {
  addLicenses(program);
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

function example(...lines: readonly string[]): string {
  return `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
