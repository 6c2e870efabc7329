// Configuration keys of OCPP 1.6 (§9): how their values are compared, what may be tried instead, and what a site can be warned of.

/** What lets a charger start a transaction without asking (local list, cache, offline). */
export const LOCAL_START_OFF: Readonly<Record<string, string>> = {
  AllowOfflineTxForUnknownId: 'false',
  AuthorizationCacheEnabled: 'false',
  LocalAuthListEnabled: 'false',
  LocalAuthorizeOffline: 'false',
  LocalPreAuthorize: 'false',
};

export const SAMPLE_INTERVAL = 'MeterValueSampleInterval';

/** Lists of measurands: many chargers take only short ones (ABB, EVBox, Schneider). */
const MEASURAND_LISTS = new Set([
  'metervaluessampleddata',
  'metervaluesaligneddata',
  'stoptxnsampleddata',
  'stoptxnaligneddata',
]);
const REGISTER = 'Energy.Active.Import.Register';
const POWER = 'Power.Active.Import';

/** Values to try in order: a list of measurands that is refused is tried shorter, down to the register alone. */
export function valuesToTry(key: string, value: string): readonly string[] {
  if (!MEASURAND_LISTS.has(key.toLowerCase())) return [value];
  const measurands = value.split(',').map((one) => one.trim());
  const shorter = [[REGISTER, POWER], [REGISTER]].filter(
    (list) => list.length < measurands.length && list.every((one) => measurands.includes(one)),
  );
  return [value, ...shorter.map((list) => list.join(','))];
}

/** Whether two values mean the same: chargers pad, quote and capitalise as they like. */
export function isSameValue(a: string, b: string): boolean {
  return normal(a) === normal(b);
}

function normal(value: string): string {
  const bare = value.trim().replace(/^"(.*)"$/, '$1');
  return bare
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .join(',');
}

/** Seconds between samples; null when it is no number. 0 means none at all. */
export function sampleIntervalS(value: string): number | null {
  const seconds = Number(normal(value));
  return normal(value) !== '' && Number.isInteger(seconds) && seconds >= 0 ? seconds : null;
}
