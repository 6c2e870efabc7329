// What a charger's answer says, in a few words.

/** `Accepted`; empty where the answer has no status. */
function statusOf(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null || !('status' in payload)) return '';
  return typeof payload.status === 'string' ? payload.status : '';
}

/** Statuses that mean it was done, or will be. */
const GOOD = ['', 'Accepted', 'Scheduled', 'Unlocked', 'RebootRequired'];

/** What a request says that was answered with a status. */
export function toldOf(what: string): (payload: unknown) => { isDone: boolean; text: string } {
  return (payload) => {
    const status = statusOf(payload);
    return { isDone: GOOD.includes(status), text: status === '' ? `${what}: done` : `${what}: ${status}` };
  };
}
