// What a right answer of a central system is, and what a charge point of the load answers to calls.

type Payload = Readonly<Record<string, unknown>>;

const isTime = (value: unknown) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const isEmpty = (payload: Payload) => Object.keys(payload).length === 0;
const statusOf = (payload: Payload) => (payload['idTagInfo'] as { status?: unknown } | undefined)?.status;

const IS_RIGHT: Readonly<Record<string, (payload: Payload) => boolean>> = {
  Authorize: (payload) => statusOf(payload) === 'Accepted',
  BootNotification: (payload) => payload['status'] === 'Accepted' && isTime(payload['currentTime']),
  Heartbeat: (payload) => isTime(payload['currentTime']),
  MeterValues: isEmpty,
  StartTransaction: (payload) =>
    Number.isInteger(payload['transactionId']) && statusOf(payload) === 'Accepted',
  StatusNotification: isEmpty,
  StopTransaction: (payload) => payload['idTagInfo'] === undefined || statusOf(payload) === 'Accepted',
};

/** Whether a conforming central system, which knows this user, answers so. */
export function isRightAnswer(action: string, payload: Payload): boolean {
  return IS_RIGHT[action]?.(payload) ?? false;
}

const ACCEPTED = '{"status":"Accepted"}';
const REJECTED = '{"status":"Rejected"}';

/** The payload of the answer as JSON; null: NotImplemented. */
export function answerToCall(action: string): string | null {
  switch (action) {
    case 'ChangeAvailability':
    case 'ChangeConfiguration':
    case 'ClearCache':
      return ACCEPTED;
    case 'GetConfiguration':
      return '{"configurationKey":[],"unknownKey":[]}';
    case 'RemoteStopTransaction':
    case 'Reset':
    case 'SetChargingProfile':
    case 'TriggerMessage':
      return REJECTED;
    default:
      return null;
  }
}
