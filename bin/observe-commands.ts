// `kwota status`, `kwota report` and `kwota logs` as the command line has them. What they do is in commands/, loaded when needed.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { PAGE_LIMIT_MAX } from '../src/api/contract.ts';
import { LOG_LEVELS, LOG_TAGS } from '../src/runtime/log.ts';
import type { LogsOptions } from './commands/logs.ts';
import type { ReportOptions } from './commands/report.ts';
import type { StatusOptions } from './commands/status.ts';
import { checkServerOptions, jsonCommand } from './server-options.ts';

const MS_OF = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export function addObserveCommands(program: Command): void {
  jsonCommand(
    program,
    'status',
    'the site at a glance: server, chargers, sessions, the month, what needs a person',
  )
    .addHelpText('after', '\nExample:\n  kwota status\n  kwota status --json | jq .chargers')
    .action(async (_, command: Command) => {
      checkServerOptions(command);
      const { runStatus } = await import('./commands/status.ts');
      await runStatus(command.optsWithGlobals<StatusOptions>());
    });
  addReport(program);
  addLogs(program);
}

function addReport(program: Command): void {
  program
    .command('report')
    .allowExcessArguments(false)
    .description('who used what in a month: by user, charger or session; or what each month came to')
    .option('--month <month>', 'a month like 2026-11; default: the current one', monthOf)
    .addOption(
      new Option('--by <what>', 'its rows').choices(['user', 'charger', 'session', 'month']).default('user'),
    )
    .addOption(
      new Option('--format <format>', 'csv has kWh and no total, json has Wh')
        .choices(['table', 'csv', 'json'])
        .default('table'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  kwota report --month 2026-11\n  kwota report --month 2026-11 --by session --format csv > november.csv\n  kwota report --by month',
    )
    .action(async ({ by, month }: { by: string; month?: string }, command: Command) => {
      checkServerOptions(command);
      if (by === 'month' && month !== undefined)
        command.error('kwota: --by month is about all of them: leave out --month');
      const { runReport } = await import('./commands/report.ts');
      await runReport(command.optsWithGlobals<ReportOptions>());
    });
}

function addLogs(program: Command): void {
  program
    .command('logs')
    .allowExcessArguments(false)
    .description('the log: of the running server, or from its file where none runs')
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .addOption(new Option('--tag <tag>', 'only lines about this').choices(LOG_TAGS).argParser(tagOf))
    .option('--charger <id>', 'only lines about this charger')
    .addOption(new Option('--level <level>', 'only lines as grave as this, or graver').choices(LOG_LEVELS))
    .option('--since <time>', 'only lines since then: 30s, 10m, 2h, 1d ago, or 2026-11-30T08:00Z', sinceOf)
    .option('-n, --limit <lines>', 'how many of the newest lines; default: 200, or with --since all', limitOf)
    .option('--json', 'for programs: one JSON object a line')
    .addHelpText(
      'after',
      '\nExample:\n  kwota logs -f --tag QUOTA\n  kwota logs --charger LIVOLTEK_01 --since 10m',
    )
    .action(async (_, command: Command) => {
      checkServerOptions(command);
      const { runLogs } = await import('./commands/logs.ts');
      await runLogs(command.optsWithGlobals<LogsOptions>());
    });
}

/** In whatever case it is typed. */
function tagOf(text: string): string {
  const tag = text.toUpperCase();
  if (LOG_TAGS.some((one) => one === tag)) return tag;
  throw new InvalidArgumentError(`It is one of ${LOG_TAGS.join(', ')}.`);
}

function sinceOf(text: string): string {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined)
    return new Date(Date.now() - Number(count) * MS_OF[unit as keyof typeof MS_OF]).toISOString();
  const atMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(atMs)) return new Date(atMs).toISOString();
  throw new InvalidArgumentError('It is like 30s, 10m, 2h, 1d or 2026-11-30T08:00Z.');
}

function limitOf(text: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= PAGE_LIMIT_MAX) return value;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${PAGE_LIMIT_MAX}.`);
}

function monthOf(text: string): string {
  if (/^[2-9]\d{3}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError('It is a month like 2026-11.');
}
