// `kwota check`: the configuration and every file of the data folder, each problem with its place and what to do about it.
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { checkDataFolder, type CheckedFile } from '../../src/check/data-check.ts';
import { ConfigError, describeProblem, type Problem } from '../../src/config/problem.ts';
import { printable, printableJson } from '../../src/runtime/printable.ts';
import { dataFolder, readConfiguration, type ConfigOptions } from '../configuration.ts';

export interface CheckOptions extends ConfigOptions {
  readonly json?: true;
}

/** Of one file, so that the others are seen as well. */
const MAX_SHOWN = 100;
const JSON_INDENT = 2;

export async function runCheck(options: CheckOptions): Promise<void> {
  const { files, encoding, dataDir } = checkConfiguration(options);
  if (existsSync(dataDir)) files.push(...(await checkDataFolder(dataDir, encoding, shortName)));
  else files.push(noFolder(dataDir));
  const problems = files.flatMap((file) => file.problems);
  if (options.json) {
    const shown = { problems, files: files.map(({ path, content }) => ({ path, content })) };
    process.stdout.write(`${printableJson(shown, JSON_INDENT)}\n`);
  } else process.stdout.write(files.map(fileText).join('') + summary(problems.length));
  if (problems.length > 0) process.exitCode = 1;
}

interface Checked {
  readonly files: CheckedFile[];
  readonly encoding: string;
  readonly dataDir: string;
}

/** With a configuration that is wrong, the data folder is the one named or the usual one. */
function checkConfiguration(options: ConfigOptions): Checked {
  try {
    const { config, path, dataDir } = readConfiguration(options);
    const files = path === null ? [] : [{ path, content: null, problems: [] }];
    return { files, encoding: config.data.usersEncoding, dataDir };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [first] = error.problems;
    const path = first?.source ?? '';
    return {
      files: [{ path, content: null, problems: error.problems }],
      encoding: 'auto',
      dataDir: dataFolder(options.data ?? null),
    };
  }
}

function noFolder(path: string): CheckedFile {
  const place = { source: path, line: null, column: null, path: '' };
  const hint = 'name it with --data; kwota init makes one';
  return { path, content: null, problems: [{ ...place, message: 'there is no such data folder', hint }] };
}

function fileText({ path, content, problems }: CheckedFile): string {
  if (problems.length === 0) return `${shortName(path)}: ok${content === null ? '' : `, ${content}`}\n`;
  const lines = problems
    .slice(0, MAX_SHOWN)
    .map((problem) => `${printable(describeProblem(named(problem)))}\n`);
  const hidden = problems.length - lines.length;
  return lines.join('') + (hidden > 0 ? `${shortName(path)}: and ${hidden} more\n` : '');
}

function named(problem: Problem): Problem {
  return { ...problem, source: shortName(problem.source) };
}

function summary(problems: number): string {
  if (problems === 0) return 'no problems\n';
  return problems === 1 ? '1 problem\n' : `${problems} problems\n`;
}

/** From the working folder, where that is shorter. */
function shortName(path: string): string {
  const short = relative('', path);
  return short !== '' && short.length < path.length ? short : path;
}
