// Why a command did not end with the charger's answer, as a problem.
import type { CommandFailure } from '../ports/commands.ts';
import type { ProblemCode } from '../contract.ts';
import { HttpProblem } from '../problem.ts';

/** Those that any command may end with. */
export const COMMAND_PROBLEMS = [
  'chargerUnknown',
  'chargerOffline',
  'payloadInvalid',
  'callError',
  'queueFull',
  'callTimeout',
] as const satisfies readonly ProblemCode[];

export function commandProblem(outcome: CommandFailure, id: string, action: string): HttpProblem {
  const charger = JSON.stringify(id);
  switch (outcome.kind) {
    case 'unknownCharger':
      return new HttpProblem('chargerUnknown', {
        detail: `there is no charger ${charger}`,
        hint: 'GET /api/chargers lists all (kwota chargers list)',
      });
    case 'unknownAction':
      return new HttpProblem('actionUnknown', {
        detail: `${JSON.stringify(action)} is no operation of a central system`,
        hint: 'operations are spelled as in OCPP 1.6, such as RemoteStopTransaction',
      });
    case 'invalid':
      return new HttpProblem('payloadInvalid', {
        detail: outcome.problems.join('; '),
        hint: 'nothing was sent; OCPP 1.6 says what the operation takes',
        errors: outcome.problems.map((message) => ({ path: '', message })),
      });
    case 'offline':
      return new HttpProblem('chargerOffline', {
        detail: outcome.wasSent ? `${charger} was cut off before it answered` : `${charger} is not connected`,
        hint: outcome.wasSent ? 'look whether it has acted before you repeat it' : 'try again when it is',
        mayHaveActed: outcome.wasSent,
      });
    case 'timeout':
      return new HttpProblem('callTimeout', {
        detail: outcome.wasSent ? `${charger} did not answer` : `${charger} was busy: nothing was sent`,
        hint: outcome.wasSent
          ? 'it may have acted all the same; ocpp.callTimeout says how long is waited'
          : 'try again when the commands before it have ended',
        mayHaveActed: outcome.wasSent,
      });
    case 'callError':
      return new HttpProblem('callError', {
        detail: `${charger} answered ${[outcome.code || 'with an error', outcome.description].filter(Boolean).join(': ')}`,
        hint: 'the charger does not know this operation, or what it was told',
      });
    case 'queueFull':
      return new HttpProblem('queueFull', {
        detail: `too many commands wait for ${charger}`,
        hint: 'try again when they have ended',
      });
  }
}
