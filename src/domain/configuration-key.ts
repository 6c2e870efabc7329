// Configuration keys of OCPP 1.6 (§9): how their values are read and compared, what may be tried instead, and what is wrong for quotas.

/** What lets a charger start a transaction without asking (local list, cache, offline). */
export const LOCAL_START_OFF: Readonly<Record<string, string>> = {
  AllowOfflineTxForUnknownId: 'false',
  AuthorizationCacheEnabled: 'false',
  LocalAuthListEnabled: 'false',
  LocalAuthorizeOffline: 'false',
  LocalPreAuthorize: 'false',
};

const SAMPLE_INTERVAL = 'metervaluesampleinterval';
const ALIGNED_INTERVAL = 'clockaligneddatainterval';
const SAMPLED_DATA = 'metervaluessampleddata';
/** A quota cannot be held well where samples come less often. */
const LONGEST_INTERVAL_S = 300;

/** Lists of measurands: many chargers take only short ones (ABB, EVBox, Schneider). */
const MEASURAND_LISTS = new Set([
  SAMPLED_DATA,
  'metervaluesaligneddata',
  'stoptxnsampleddata',
  'stoptxnaligneddata',
]);
const ENERGY = 'Energy.Active.Import';
const REGISTER = `${ENERGY}.Register`;
const POWER = 'Power.Active.Import';
/** Ever fewer of what was wanted; a quota needs the register alone. */
const FEWER_MEASURANDS = [[REGISTER, POWER, 'Current.Import', 'Voltage'], [REGISTER, POWER], [REGISTER]].map(
  (list) => list.map((one) => one.toLowerCase()),
);

/** A key as the charger reports it. */
export interface ReportedKey {
  /** In the charger's spelling. */
  readonly key: string;
  readonly value: string;
  readonly isReadonly: boolean;
}

/** By lower-case key: chargers write keys in any case. */
export type ReportedKeys = ReadonlyMap<string, ReportedKey>;

/** What an answer to GetConfiguration tells, as far as it can be read: numbers, quotes, blanks, readonly left out or as text. */
export function readConfiguration(payload: Readonly<Record<string, unknown>>): ReportedKeys {
  const reported = new Map<string, ReportedKey>();
  const list = payload['configurationKey'];
  for (const one of Array.isArray(list) ? (list as unknown[]) : []) {
    if (typeof one !== 'object' || one === null) continue;
    const { key, value, readonly } = one as Record<string, unknown>;
    if (typeof key !== 'string') continue;
    const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    reported.set(key.trim().toLowerCase(), {
      key: key.trim(),
      value: isText ? String(value) : '',
      isReadonly: String(readonly).toLowerCase() === 'true',
    });
  }
  return reported;
}

/** All keys of the maps, each once whatever its case; the last map that has it counts. */
export function mergedKeys(...maps: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const byName = new Map<string, [string, string]>();
  for (const map of maps) {
    for (const [key, value] of Object.entries(map)) byName.set(key.toLowerCase(), [key, value]);
  }
  return Object.fromEntries(byName.values());
}

/** Values to try in order: a list of measurands that is refused is tried shorter, down to the register alone. */
export function valuesToTry(key: string, value: string): readonly string[] {
  if (!MEASURAND_LISTS.has(key.toLowerCase())) return [value];
  const measurands = value.split(',').map((one) => one.trim());
  const values = [value];
  let { length } = measurands;
  for (const list of FEWER_MEASURANDS) {
    const fewer = measurands.filter((one) => list.includes(one.toLowerCase()));
    if (fewer.length === 0 || fewer.length >= length) continue;
    fewer.sort((a, b) => list.indexOf(a.toLowerCase()) - list.indexOf(b.toLowerCase()));
    values.push(fewer.join(','));
    ({ length } = fewer);
  }
  return values;
}

/** Whether what a charger reports is what is wanted. An interval of samples that is shorter is good as well: it tells more. */
export function isAsWanted(key: string, reported: string, wanted: string): boolean {
  if (normal(reported) === normal(wanted)) return true;
  if (key.toLowerCase() !== SAMPLE_INTERVAL) return false;
  const [reportedS, wantedS] = [seconds(reported), seconds(wanted)];
  return reportedS !== null && wantedS !== null && reportedS > 0 && reportedS <= wantedS;
}

/** As a log and the store may have it: keys that hold a secret do not show it. */
export function settingText(key: string, value: string): string {
  return `${key}=${isSecretKey(key) ? '***' : value}`;
}

/** Whether the value of this key is for the charger alone. */
export function isSecretKey(key: string): boolean {
  return /password|secret|authorizationkey|token/i.test(key);
}

/** Why a quota cannot be held well with what the charger reports; null: nothing speaks against it. */
export function meteringFault(reported: ReportedKeys): string | null {
  const measurands = reported.get(SAMPLED_DATA)?.value ?? '';
  // Some report true or false here (wallbe), or nothing: that says nothing of what they send.
  if (measurands.includes('.') && !measurands.toLowerCase().includes(ENERGY.toLowerCase()))
    return 'sends samples without energy; put Energy.Active.Import.Register into MeterValuesSampledData';
  const sampleS = seconds(reported.get(SAMPLE_INTERVAL)?.value);
  if (sampleS === null) return null;
  const alignedS = seconds(reported.get(ALIGNED_INTERVAL)?.value) ?? 0;
  const oftenS = Math.min(...[sampleS, alignedS].filter((one) => one > 0));
  if (oftenS <= LONGEST_INTERVAL_S) return null;
  const often = oftenS === Infinity ? 'sends no samples' : `sends a sample every ${oftenS} s only`;
  return `${often}; set MeterValueSampleInterval to 60 or less`;
}

/** Keys by which the charger may still start by itself, of those that were to be switched off. */
export function localStartsLeft(
  wanted: Readonly<Record<string, string>>,
  reported: ReportedKeys,
): readonly string[] {
  return Object.keys(LOCAL_START_OFF).filter((key) => {
    const value = reported.get(key.toLowerCase())?.value;
    return wanted[key] === 'false' && value !== undefined && normal(value) !== 'false';
  });
}

/** Chargers pad, quote and capitalise values as they like, and lists come in any order. */
function normal(value: string): string {
  const bare = value.trim().replace(/^"(.*)"$/, '$1');
  const parts = bare.split(',').map((part) => part.trim().toLowerCase());
  return parts.sort().join(',');
}

/** Null when it is no number. 0 means never. */
function seconds(value: string | undefined): number | null {
  const text = normal(value ?? '');
  return /^\d+(\.0+)?$/.test(text) ? Number(text) : null;
}
