// `kwota simulate` as the command line has it. What it does is in commands/simulate.ts, loaded when needed.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { remoteStopBehaviours } from '../src/simulator/profile.ts';
import { MIXED_PROFILES, profileNames } from '../src/simulator/profiles/known.ts';
import type { ApiAccess } from '../src/api/client.ts';
import type { ApiOptions } from './api-access.ts';
import type { SimulateOptions } from './commands/simulate.ts';

/** One PC has not more ports to one address. */
const MAX_CHARGERS = 20_000;
const MAX_SPEED = 3_600;
const MAX_POWER_KW = 1_000;
const MAX_SECONDS = 86_400;
const MAX_SEED = 2 ** 31 - 1;
const USUAL_URL = 'ws://127.0.0.1:9000';
const EXIT_FAILED = 1;
const EXAMPLES = `
Examples:
  kwota simulate --url ws://127.0.0.1:9000 --chargers 20 --speed 60
  kwota simulate --scenario docs/scenarios/lost-line.yaml`;

interface AccessOptions extends ApiOptions {
  /** Of the API. */
  readonly api?: string;
}

export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description(
      'simulated chargers and users at any OCPP 1.6 central system, until Ctrl-C or the end of a scenario',
    )
    .option(
      '--url <url>',
      `the central system, without the charger id; default: the server on the data folder, else ${USUAL_URL} where neither --data nor --config names one`,
    )
    .option('--chargers <number>', 'how many: SIM001, SIM002 …', whole(1, MAX_CHARGERS), 5)
    .addOption(
      new Option('--profile <name>', 'how the chargers behave').choices(profileNames).default(MIXED_PROFILES),
    )
    .option('--tags <tags>', 'the cards that come, with commas', idTags, ['RFID001', 'RFID002', 'RFID003'])
    .option('--power <kW>', 'what a car takes at most', decimal(0.1, MAX_POWER_KW), 11)
    .option(
      '--interval <seconds>',
      "from sample to sample; default: the profile's own",
      whole(1, MAX_SECONDS),
    )
    .option(
      '--speed <factor>',
      "charging passes so many times as fast; timestamps stay those of the clock; default: the scenario's, else 1",
      decimal(1, MAX_SPEED),
    )
    .option('--seconds <seconds>', 'ends by itself after so long', whole(1, MAX_SECONDS))
    .option('--seed <number>', 'another seed, other cars and pauses', whole(0, MAX_SEED), 1)
    .addOption(
      new Option(
        '--remote-stop <behaviour>',
        "what a RemoteStopTransaction does; default: the profile's own",
      ).choices(remoteStopBehaviours),
    )
    .addOption(
      new Option('--scenario <file>', 'a play in YAML in the place of chance (docs/simulating.md)').conflicts(
        [...['chargers', 'profile', 'tags', 'power']],
      ),
    )
    .option(
      '--api <url>',
      'the API of that server, to compare with what it has booked; with --token; default: where --url is',
    )
    .option('--quiet', 'tells only what it came to')
    .addHelpText('after', EXAMPLES)
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<Omit<SimulateOptions, 'url'> & AccessOptions>();
      // Not checked as it is read: an option of this name that the program has takes it first.
      const url = options.url ?? (await usualUrl(options));
      if (!/^wss?:\/\/./.test(url) || !URL.canParse(url))
        command.error('kwota: --url begins with ws:// or wss://, for example ws://127.0.0.1:9000');
      if (options.api !== undefined && (!/^https?:\/\/./.test(options.api) || options.token === undefined))
        command.error('kwota: --api begins with http:// or https://, and takes a --token');
      const { runSimulate } = await import('./commands/simulate.ts');
      const isAsBooked = await runSimulate({ ...options, url }, await accessFor(options));
      if (!isAsBooked) process.exitCode = EXIT_FAILED;
    });
}

/** Who names a site means that one: its cards are not to be charged for at whatever listens on the usual port. */
async function usualUrl(options: ApiOptions): Promise<string> {
  if (options.data === undefined && options.config === undefined) return (await ownUrl(options)) ?? USUAL_URL;
  const { ocppUrlOf } = await import('./api-access.ts');
  return ocppUrlOf(options);
}

async function ownUrl(options: ApiOptions): Promise<string | null> {
  const { localOcppUrl } = await import('./api-access.ts');
  return localOcppUrl(options);
}

/** Of the server that is simulated at, where that is known. */
async function accessFor({ url, api, token, ...others }: AccessOptions): Promise<ApiAccess | null> {
  if (api !== undefined && token !== undefined) return { url: api, token };
  if (url !== undefined || (await ownUrl(others)) === null) return null;
  const { accessOf } = await import('./api-access.ts');
  return accessOf(others);
}

function idTags(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim());
  if (tags.every((tag) => tag.length >= 1 && tag.length <= 20)) return tags;
  throw new InvalidArgumentError('They are cards of 1 to 20 characters, with commas between them.');
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}

function decimal(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}(\.\d{1,10})?$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a number from ${least} to ${most}.`);
  };
}
