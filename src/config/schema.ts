// The one list of every configuration key: the Config type, the checks, config.yaml and the reference come from it.
// A key stands here only when the program does what it says.
import { chargerKeys, MAX_CONFIGURE_KEYS } from './charger-keys.ts';
import { forwardKeys } from './forward-keys.ts';
import { key, live, optionalKey, type Key, type Keys } from './key.ts';
import {
  boolean,
  integer,
  list,
  number,
  oneOf,
  origin,
  pairs,
  path,
  pathOrNone,
  text,
  timeZone,
} from './kind.ts';
import { apiTlsKeys, ocppTlsKeys } from './tls-keys.ts';
import { tokenKeys } from './token-keys.ts';
import { webhookKeys } from './webhook-keys.ts';

/** A map from a charger's id, or a pattern with `*` and `?`, to keys of their own. */
export interface ByCharger {
  readonly keysOfCharger: Keys;
  readonly sentence: string;
}

/** A list of maps, each with all of these keys that have no default; the first is its name, which no two share. */
export interface ListOfMaps {
  readonly keysOfItem: Keys;
  readonly sentence: string;
}

/** A section within a section. */
export interface Group {
  readonly keysOfGroup: Keys;
  readonly sentence: string;
}

export interface Section {
  readonly sentence: string;
  /** The section itself is the value of its only key, which is no word of the file. */
  readonly isOneMap?: true;
  readonly keys: Readonly<Record<string, Key<unknown> | ByCharger | ListOfMaps | Group>>;
}

const MAX_ORIGINS = 20;

/** Sections in the order of config.yaml. */
const schema = {
  site: {
    sentence: 'The place where the chargers stand.',
    keys: {
      name: key(text(100), 'kwota site', 'How people call this site.'),
      timeZone: {
        kind: timeZone(),
        default: { from: 'timeZone' },
        unit: null,
        sentence: 'IANA time zone of the site: it decides when the month turns.',
        example: 'Europe/Istanbul',
        needsRestart: true,
      } satisfies Key<string>,
    },
  },
  ocpp: {
    sentence: 'The OCPP 1.6-J server that chargers connect to.',
    keys: {
      host: key(text(255), '0.0.0.0', 'Address to listen on; 0.0.0.0 is every network of this machine.'),
      port: key(integer(0, 65535), 9000, 'Port to listen on; 0 takes any free one, see the [READY] line.'),
      pathPrefix: optionalKey(
        text(255),
        'ocpp',
        "Part of the URL's path before the charger's id; when unset, a leading ocpp/ or steve/websocket/CentralSystemService/ is dropped.",
      ),
      webOrigins: key(
        list(origin(), MAX_ORIGINS),
        [],
        'Web pages that may connect as chargers, such as a simulator in a browser; without any, none may.',
      ),
      auth: key(
        oneOf('none', 'basic', 'certificate'),
        'none',
        'How chargers show who they are: not at all, by a password (HTTP Basic), or by a certificate that ocpp.tls.ca has signed.',
      ),
      tls: {
        keysOfGroup: ocppTlsKeys,
        sentence: 'wss:// for chargers (security profiles 2 and 3).',
      },
      heartbeatInterval: key(
        integer(1, 86_400),
        60,
        'How often a charger says that it is there (interval of BootNotification).',
        'seconds',
      ),
      callTimeout: key(number(0.1, 600), 30, 'How long to wait for the answer of a charger.', 'seconds'),
      pingInterval: key(
        number(0, 3600),
        45,
        'How often a silent connection is tested with a WebSocket ping; 0 switches that off.',
        'seconds',
      ),
      maxConnections: key(integer(1, 1_000_000), 20_000, 'Chargers connected at the same time.'),
      maxPayload: key(
        integer(65_536, 16_777_216),
        1_048_576,
        'Longest message; a longer one closes the connection.',
        'bytes',
      ),
    },
  },
  chargers: {
    sentence: 'What is known about single chargers.',
    keys: {
      unknown: live(
        key(
          oneOf('accept', 'pending', 'reject'),
          'accept',
          'A charger that connects for the first time and is not in settings: it is let in and marked as new, waits for kwota chargers approve, or is turned away.',
        ),
      ),
      maxKnown: live(
        key(
          integer(1, 10_000_000),
          20_000,
          'When so many chargers are on record, one that nobody knows is turned away; those on record, in settings or approved in advance always connect.',
        ),
      ),
      settings: {
        keysOfCharger: chargerKeys,
        sentence:
          'Settings by charger id or by a pattern with * and ?. The first that fits counts, alone; "*" is tried last wherever it stands.',
      },
    },
  },
  configure: {
    sentence: 'What every charger is set to after it has connected.',
    isOneMap: true,
    keys: {
      keys: live(
        key(
          pairs(MAX_CONFIGURE_KEYS),
          { MeterValueSampleInterval: '60' },
          'Configuration keys of OCPP; read first, and written only where they differ (a shorter MeterValueSampleInterval stays). What a firmware refuses is not tried again.',
        ),
      ),
    },
  },
  quota: {
    sentence: 'Who may charge, and how much in a month.',
    keys: {
      resetDay: key(integer(1, 28), 1, 'Day on which a new month of quota begins, at midnight.'),
      onExhausted: key(
        oneOf('stop', 'warn', 'throttle'),
        'stop',
        'What happens to a session when the quota is used up: it ends, goes on with a warning, or goes on at the least current.',
      ),
      predictive: key(
        boolean(),
        true,
        'Whether the stop is sent before the quota is used up, so that charging ends on it and not at the next sample.',
      ),
      warnAt: key(
        list(number(1, 100), 10),
        [80, 95],
        'Shares of the quota, in percent, at which a warning is logged.',
      ),
      stopMarginKwh: key(
        number(0, 10),
        0,
        'How much before the quota is used up charging shall end, in kWh.',
      ),
      chargerGuard: key(
        boolean(),
        false,
        'Whether the charger itself is told when the quota ends, so that it holds while the connection is lost; needs maxPowerKw.',
      ),
      concurrentSessions: live(
        key(oneOf('allow', 'deny'), 'allow', 'Whether a tag that is charging may start a second session.'),
      ),
      unknownTags: live(
        key(oneOf('reject', 'accept'), 'reject', 'Whether a tag that is not in users1.csv may charge.'),
      ),
      idTagMatch: key(
        oneOf('exact', 'case-insensitive', 'canonical'),
        'exact',
        'How a tag is found in users1.csv: to the letter, whatever its case, or also whatever its separators, blanks and 0x.',
      ),
    },
  },
  api: {
    sentence: 'The REST API.',
    keys: {
      host: key(text(255), '127.0.0.1', 'Address to listen on; 127.0.0.1 is this machine only.'),
      port: key(integer(0, 65535), 8001, 'Port to listen on; 0 takes any free one, see the [READY] line.'),
      tokens: {
        keysOfItem: tokenKeys,
        sentence: 'Who may ask, beside the owner of .kwota/admin-token.',
      },
      hosts: key(
        list(text(255), MAX_ORIGINS),
        [],
        'Names under which browsers may ask, beside addresses, local names and the name of this machine.',
      ),
      tls: {
        keysOfGroup: apiTlsKeys,
        sentence: 'https:// on api.port; local commands then use a port of their own on this machine alone.',
      },
      rateLimit: key(integer(1, 100_000), 100, 'Requests of one token in a second, in the long run.'),
      rateBurst: key(integer(1, 1_000_000), 500, 'Requests of one token at once, after a pause.'),
      cors: key(
        list(origin(), MAX_ORIGINS),
        [],
        'Web pages of other origins that may ask, from a browser; without any, none may.',
      ),
    },
  },
  forward: {
    sentence: 'Readings, sent to an external API as they come in.',
    keys: forwardKeys,
  },
  trace: {
    sentence: 'The raw frames of each charger, kept to see what happened.',
    keys: {
      days: key(
        integer(0, 365),
        7,
        'How long frames are kept; 0 keeps the newest in memory only, until the program ends.',
        'days',
      ),
      maxSize: key(
        integer(65_536, 1_073_741_824),
        4_194_304,
        'Frames of one charger on disk, compressed; above it the oldest go.',
        'bytes',
      ),
      maxTotalSize: key(
        integer(1_048_576, 1_099_511_627_776),
        536_870_912,
        'Frames of all chargers on disk, compressed; above it the oldest go.',
        'bytes',
      ),
    },
  },
  alarms: {
    sentence: 'What becomes an alarm, and who is told.',
    keys: {
      offlineAfter: live(
        key(
          integer(0, 86_400),
          300,
          'A charger that has told more than its id and is not connected for so long is an alarm; 0: it never is.',
          'seconds',
        ),
      ),
      minFreeDisk: live(
        key(
          integer(0, 1_099_511_627_776),
          536_870_912,
          'Less room on the disk of the data folder is an alarm; 0: it never is.',
          'bytes',
        ),
      ),
      webhooks: { keysOfItem: webhookKeys, sentence: 'Programs that are told of alarms.' },
    },
  },
  log: {
    sentence: 'What is written about the work.',
    keys: {
      level: live(
        key(oneOf('debug', 'info', 'warn', 'error'), 'info', 'The least important lines to write.'),
      ),
      format: key(oneOf('text', 'json'), 'text', 'Lines for people, or one JSON object a line.'),
      file: optionalKey(
        pathOrNone(),
        '/var/log/kwota/kwota.log',
        'Where lines go beside stderr; when unset, .kwota/log/kwota.log in the data folder.',
      ),
      maxSize: key(
        integer(65_536, 1_073_741_824),
        10_485_760,
        'The file begins anew before it is larger; the one before is kept as kwota.log.1.',
        'bytes',
      ),
      maxAge: key(integer(1, 365), 7, 'The file begins anew when its first line is so old.', 'days'),
      keep: key(integer(0, 100), 10, 'How many files from before are kept.'),
    },
  },
  data: {
    sentence: 'The data folder, with the files that other programs share.',
    keys: {
      dir: optionalKey(
        path(),
        'data',
        'The data folder, relative to this file; when unset, ./data if it exists, else data beside the program.',
      ),
      publishInterval: key(
        integer(100, 60_000),
        500,
        'The shared JSON files are written at most this often.',
        'milliseconds',
      ),
      meterLogEntries: key(integer(1, 100_000), 500, 'Readings in meter_data_log.json, the newest.'),
      readingsDays: key(integer(1, 3650), 90, 'How long readings are kept.', 'days'),
      backups: key(
        integer(0, 366),
        7,
        'Backups kept in .kwota/backup, of which one is made each day; 0 makes none.',
      ),
      usersEncoding: key(
        oneOf(
          'auto',
          'utf-8',
          'utf-16le',
          'windows-1250',
          'windows-1251',
          'windows-1252',
          'windows-1253',
          'windows-1254',
          'windows-1257',
          'iso-8859-2',
          'iso-8859-9',
          'iso-8859-15',
        ),
        'auto',
        'Encoding of users1.csv; auto recognises it.',
      ),
    },
  },
  tui: {
    sentence: 'The dashboard in the terminal.',
    keys: {
      glyphs: key(oneOf('auto', 'unicode', 'ascii'), 'auto', 'Signs to draw with; auto asks the terminal.'),
      palette: key(oneOf('default', 'colour-blind', 'mono'), 'default', 'Colours beside the signs.'),
      mouse: key(boolean(), false, 'Wheel and clicks; text is then selected with Shift held.'),
    },
  },
} satisfies Readonly<Record<string, Section>>;

type Schema = typeof schema;
type ValueOf<K> =
  K extends Key<infer T>
    ? T
    : K extends { readonly keysOfItem: infer I }
      ? readonly { readonly [N in keyof I]: NonNullable<ValueOf<I[N]>> }[]
      : K extends { readonly keysOfGroup: infer G }
        ? { readonly [N in keyof G]: ValueOf<G[N]> }
        : readonly ChargerRule[];

/** Settings of one charger; the units and ranges of chargerKeys. */
export type ChargerSettings = { readonly [K in keyof typeof chargerKeys]: ValueOf<(typeof chargerKeys)[K]> };

export interface ChargerRule {
  /** A charger's id, or a pattern with `*` and `?`. */
  readonly pattern: string;
  readonly settings: ChargerSettings;
}

/** A checked configuration; names and units of the values as in config.yaml (the schema has them), paths absolute. */
export type Config = {
  readonly [S in keyof Schema]: { readonly [K in keyof Schema[S]['keys']]: ValueOf<Schema[S]['keys'][K]> };
};

/** The path of a key that has one value, such as `ocpp.port`. */
export type ScalarPath = {
  [S in keyof Schema]: {
    [K in keyof Schema[S]['keys'] & string]: Schema[S]['keys'][K] extends Key<unknown> ? `${S}.${K}` : never;
  }[keyof Schema[S]['keys'] & string];
}[keyof Schema];

/** The sections with their names, without the literal types. */
export const sections: readonly (readonly [string, Section])[] = Object.entries<Section>(schema);

/** What a charger has whose rule does not say otherwise, or that no rule names. */
export const defaultSettings: ChargerSettings = chargerSettings(new Map());

/** Fills what was not written with the defaults; the values have been read by the kinds of chargerKeys. */
export function chargerSettings(written: ReadonlyMap<string, unknown>): ChargerSettings {
  const settings = Object.entries<Key<unknown>>(chargerKeys).map(([name, key]) => [
    name,
    written.has(name) ? written.get(name) : 'value' in key.default ? key.default.value : undefined,
  ]);
  return Object.fromEntries(settings) as ChargerSettings;
}
