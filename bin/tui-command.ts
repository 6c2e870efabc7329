// `kwota` and `kwota tui` as the command line has them. What they do is in commands/tui.ts, loaded when needed.
import type { Command } from 'commander';
import { checkServerOptions } from './api-commands.ts';
import type { TuiOptions } from './commands/tui.ts';

export function addTui(program: Command): void {
  program
    .command('tui')
    .allowExcessArguments(false)
    .description('the dashboard on a running server, also over SSH or from another PC (--url, --token)')
    .option('--read-only', 'nothing can be changed or sent to a charger')
    .option('--no-color', 'no colours; NO_COLOR in the environment does the same')
    .option('--ascii', 'letters and signs of ASCII only')
    .option('--mouse', 'wheel and clicks; copying by the mouse needs Shift then')
    .addHelpText(
      'after',
      '\nExamples:\n  kwota tui\n  kwota tui --url http://10.0.0.5:8001 --token TOKEN --read-only',
    )
    .action(async (_, command: Command) => tui(command));
}

/** Without a command: the dashboard, with a server behind it. */
export async function openKwota(command: Command): Promise<void> {
  const options = command.optsWithGlobals<TuiOptions>();
  if (namesServer(command)) return tui(command);
  const { runKwota } = await import('./commands/tui.ts');
  await runKwota(options);
}

/** Whether --url or --token was typed; a token of the environment names no server. */
export function namesServer(command: Command): boolean {
  return ['url', 'token'].some((name) => command.getOptionValueSourceWithGlobals(name) === 'cli');
}

async function tui(command: Command): Promise<void> {
  for (const name of ['stdin', 'stdout'] as const) {
    if (!process[name].isTTY) command.error(`kwota: ${name} is not a terminal; try kwota status`);
  }
  checkServerOptions(command);
  const { runTui } = await import('./commands/tui.ts');
  await runTui(command.optsWithGlobals());
}
