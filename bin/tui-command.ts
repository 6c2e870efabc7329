// `kwota`, `kwota tui` and `kwota demo` as the command line has them. What they do is in commands/, loaded when needed.
import { Option, type Command } from 'commander';
import type { DemoOptions } from './commands/demo.ts';
import type { DashboardOptions } from './open-dashboard.ts';
import { checkServerOptions } from './server-options.ts';

export function addTui(program: Command): void {
  const addTo = (command: Command) =>
    command
      .allowExcessArguments(false)
      .option('--read-only', 'nothing can be changed or sent to a charger')
      .option('--no-color', 'no colours; NO_COLOR in the environment does the same')
      .option('--ascii', 'letters and signs of ASCII only')
      .option('--mouse', 'wheel and clicks; copying by the mouse needs Shift then');
  addTo(program.command('tui'))
    .description('the dashboard on a running server, also over SSH or from another PC (--url, --token)')
    .addHelpText(
      'after',
      '\nExamples:\n  kwota tui\n  kwota tui --url http://10.0.0.5:8001 --token TOKEN --read-only',
    )
    .action(async (_, command: Command) => tui(command));
  addTo(program.command('demo'))
    .description(
      'a site to look at: simulated chargers, made-up users and the dashboard; nothing of it stays',
    )
    .addOption(new Option('--until-stdin-ends').hideHelp())
    .addHelpText('after', '\nExample:\n  kwota demo')
    .action(async (_, command: Command) => {
      const { runDemo } = await import('./commands/demo.ts');
      await runDemo(command.optsWithGlobals<DemoOptions>());
    });
}

/** Without a command: the dashboard, with a server behind it. */
export async function openKwota(command: Command): Promise<void> {
  const options = command.optsWithGlobals<DashboardOptions>();
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
