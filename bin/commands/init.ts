// `kwota init`: a commented config.yaml and a data folder, to begin with. Nothing that exists is changed.
import { existsSync } from 'node:fs';
import { join, relative, resolve, dirname } from 'node:path';
import { configYaml } from '../../src/config/reference.ts';
import { FileError } from '../../src/files/file-error.ts';
import { replaceFile } from '../../src/files/atomic-write.ts';
import { makeDataFolder } from '../../src/files/folder-lock.ts';
import { EMPTY_USERS_FILE, USERS_FILE } from '../../src/files/users-file.ts';
import { CommandError } from '../command-error.ts';
import { CONFIG_NAME, type ConfigOptions } from '../configuration.ts';

const DATA_NAME = 'data';
/** Where the example of the data folder stands in the commented configuration. */
const DATA_EXAMPLE = '\n  # dir: data\n';

export async function runInit(options: ConfigOptions): Promise<void> {
  const configPath = resolve(options.config ?? CONFIG_NAME);
  const dataDir = resolve(options.data ?? DATA_NAME);
  if (existsSync(configPath)) {
    const hint = 'change it there; to begin anew move it away, or name another one with --config';
    throw new CommandError(`${configPath} exists already`, hint);
  }
  const lines: string[] = [];
  // The folder first: a configuration that is there says that all went well.
  makeDataFolder(dataDir);
  const usersPath = join(dataDir, USERS_FILE);
  if (existsSync(usersPath)) lines.push(`${dataDir} stays as it is`);
  else {
    await create(usersPath, EMPTY_USERS_FILE);
    lines.push(`${dataDir}: users go into ${USERS_FILE}, one a line`);
  }
  await create(configPath, configurationFor(configPath, options.data === undefined ? null : dataDir));
  lines.unshift(`${configPath}: every key, with its meaning and its default`);
  lines.push('kwota serve starts the server, kwota doctor says what to type into a charger');
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** A folder that was named stands in it, from where the configuration is if that is above it. */
function configurationFor(configPath: string, dataDir: string | null): string {
  const yaml = configYaml();
  if (dataDir === null) return yaml;
  const short = relative(dirname(configPath), dataDir);
  const written = short === '' || short.startsWith('..') ? dataDir : short;
  if (!yaml.includes(DATA_EXAMPLE)) throw new Error('the commented configuration has no data.dir');
  return yaml.replace(DATA_EXAMPLE, () => `\n  dir: ${JSON.stringify(written)}\n`);
}

async function create(path: string, content: string): Promise<void> {
  try {
    await replaceFile(path, content, { expected: null });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const hint = 'run it in a folder that you may write to, or name one with --config and --data';
    throw new CommandError(error.message, hint, { cause: error });
  }
}
