// What a simulated charger answers to each CALL of the central system, and what it does afterwards. One row for an action.
import type { CentralSystemAction, RequestOf, ResponseOf } from '../ocpp/v16/messages.ts';
import { limitWOf, type ChargingLimits } from './charging-limits.ts';
import type { Configuration } from './configuration.ts';
import type { Connector } from './connector.ts';
import { isRequestOf } from './payload-shape.ts';
import type { Profile } from './profile.ts';
import type { StopTransactionReason } from './session.ts';

/** The charger as its answers see it. */
export interface AnsweringCharger {
  readonly profile: Profile;
  readonly configuration: Configuration;
  readonly limits: ChargingLimits;
  readonly connectors: readonly Connector[];
  /** Of a card that was not held to it. */
  remoteStart(connector: Connector, idTag: string): void;
  reboot(reason: StopTransactionReason): void;
  trigger(request: RequestOf<'TriggerMessage'>): void;
}

/** `afterwards` runs when the answer is on its way. */
interface Answered<Response> {
  readonly response: Response;
  readonly afterwards?: () => void;
}

/** Null is no answer at all. */
type Answers = {
  readonly [A in CentralSystemAction]: (
    request: RequestOf<A>,
    charger: AnsweringCharger,
  ) => Answered<ResponseOf<A>> | null;
};

const says =
  <Response>(response: Response) =>
  (): Answered<Response> => ({ response });

const rejected = { response: { status: 'Rejected' } } as const;
const accepted = (afterwards: () => void) => ({ response: { status: 'Accepted' }, afterwards }) as const;

const answers: Answers = {
  CancelReservation: says({ status: 'Rejected' }),
  CertificateSigned: says({ status: 'Rejected' }),
  ChangeAvailability: changeAvailability,
  ChangeConfiguration: (request, { configuration }) => ({ response: configuration.change(request) }),
  ClearCache: says({ status: 'Accepted' }),
  ClearChargingProfile: clearChargingProfile,
  DataTransfer: says({ status: 'UnknownVendorId' }),
  DeleteCertificate: says({ status: 'NotFound' }),
  ExtendedTriggerMessage: says({ status: 'NotImplemented' }),
  GetCompositeSchedule: says({ status: 'Rejected' }),
  GetConfiguration: (request, { configuration }) => ({ response: configuration.get(request) }),
  GetDiagnostics: says({}),
  GetInstalledCertificateIds: says({ status: 'NotFound' }),
  GetLocalListVersion: says({ listVersion: -1 }),
  GetLog: says({ status: 'Rejected' }),
  InstallCertificate: says({ status: 'Rejected' }),
  RemoteStartTransaction: remoteStart,
  RemoteStopTransaction: remoteStop,
  ReserveNow: says({ status: 'Rejected' }),
  Reset: ({ type }, charger) => {
    if (charger.profile.reset === 'rejects') return rejected;
    return accepted(() => charger.reboot(type === 'Hard' ? 'HardReset' : 'SoftReset'));
  },
  SendLocalList: says({ status: 'NotSupported' }),
  SetChargingProfile: setChargingProfile,
  SignedUpdateFirmware: says({ status: 'Rejected' }),
  TriggerMessage: (request, charger) => {
    if (!charger.profile.triggers.includes(request.requestedMessage))
      return { response: { status: 'NotImplemented' } };
    return accepted(() => charger.trigger(request));
  },
  UnlockConnector: unlockConnector,
  UpdateFirmware: says({}),
};

/** How a CALL is answered: null is not at all, 'misshapen' when its payload is none of the action. */
export function answer<A extends CentralSystemAction>(
  action: A,
  payload: unknown,
  charger: AnsweringCharger,
): Answered<ResponseOf<A>> | null | 'misshapen' {
  return isRequestOf(action, payload) ? answers[action](payload, charger) : 'misshapen';
}

function remoteStart({ connectorId, idTag }: RequestOf<'RemoteStartTransaction'>, charger: AnsweringCharger) {
  const isMeant = (one: Connector) => connectorId === undefined || one.connectorId === connectorId;
  const connector = charger.connectors.find((one) => one.isFree && isMeant(one));
  return connector === undefined ? rejected : accepted(() => charger.remoteStart(connector, idTag));
}

function remoteStop({ transactionId }: RequestOf<'RemoteStopTransaction'>, charger: AnsweringCharger) {
  const { remoteStop: behaviour, stopLatencyMs, lateStopMs } = charger.profile;
  if (behaviour === 'ignore') return null;
  const connector = charger.connectors.find((one) => one.isCharging && one.transactionId === transactionId);
  if (connector === undefined || behaviour === 'reject') return rejected;
  return accepted(() => {
    if (behaviour === 'obey') connector.stop('Remote', stopLatencyMs);
    else if (behaviour === 'late') connector.stop('Remote', lateStopMs);
  });
}

function setChargingProfile(
  { connectorId, csChargingProfiles: given }: RequestOf<'SetChargingProfile'>,
  { profile, limits, connectors }: AnsweringCharger,
) {
  const meant = connectorsMeant(connectors, connectorId);
  const isTxProfile = given.chargingProfilePurpose === 'TxProfile';
  // A TxProfile is for a transaction that runs (OCPP 1.6 §3.13.1).
  if (meant.length === 0 || (isTxProfile && !meant.some((one) => one.isCharging))) return rejected;
  const isZero = limitWOf(given) <= 0;
  if (isZero && profile.zeroLimit === 'rejects') return rejected;
  return accepted(() => {
    if (isZero && profile.zeroLimit === 'ignores') return;
    if (isZero && profile.zeroLimit === 'ends') {
      for (const one of meant) one.stop('Other', profile.stopLatencyMs);
      return;
    }
    changeLimits(connectors, () => limits.set(connectorId, given));
  });
}

function clearChargingProfile(
  request: RequestOf<'ClearChargingProfile'>,
  { limits, connectors }: AnsweringCharger,
): Answered<ResponseOf<'ClearChargingProfile'>> {
  const isCleared = changeLimits(connectors, () => limits.clear(request));
  return { response: { status: isCleared ? 'Accepted' : 'Unknown' } };
}

function changeLimits<T>(connectors: readonly Connector[], change: () => T): T {
  for (const one of connectors) one.beforeLimits();
  const changed = change();
  for (const one of connectors) one.refresh();
  return changed;
}

function changeAvailability(
  { connectorId, type }: RequestOf<'ChangeAvailability'>,
  { profile, connectors }: AnsweringCharger,
): Answered<ResponseOf<'ChangeAvailability'>> {
  const meant = connectorsMeant(connectors, connectorId);
  const isOperative = type === 'Operative';
  const isBusy = !isOperative && meant.some((one) => one.isCharging);
  if (meant.length === 0 || (!isOperative && profile.inoperative === 'rejects')) return rejected;
  const isScheduled = isBusy && profile.inoperative === 'schedules';
  return {
    response: { status: isScheduled ? 'Scheduled' : 'Accepted' },
    afterwards: () => {
      for (const one of meant) {
        one.setOperative(isOperative);
        if (isBusy && !isScheduled) one.stop('Other', profile.stopLatencyMs);
      }
    },
  };
}

function unlockConnector(
  { connectorId }: RequestOf<'UnlockConnector'>,
  { profile, connectors }: AnsweringCharger,
): Answered<ResponseOf<'UnlockConnector'>> {
  const connector = connectors.find((one) => one.connectorId === connectorId);
  if (connector === undefined) return { response: { status: 'NotSupported' } };
  const response = { status: profile.unlock };
  if (profile.unlock !== 'Unlocked') return { response };
  return { response, afterwards: () => connector.stop('UnlockCommand', profile.stopLatencyMs) };
}

/** Connector 0 is all of them. */
function connectorsMeant(connectors: readonly Connector[], connectorId: number): readonly Connector[] {
  return connectors.filter((one) => connectorId === 0 || one.connectorId === connectorId);
}
