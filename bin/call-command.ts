// `kwota call` as the command line has it. What it does is in commands/call.ts, loaded when needed.
import { InvalidArgumentError, type Command } from 'commander';
import { checkServerOptions } from './server-options.ts';

export function addCall(program: Command): void {
  program
    .command('call')
    .description('any operation of OCPP 1.6, checked before it is sent; prints the charger’s answer')
    .argument('<id>', 'the charger')
    .argument('<action>', 'as OCPP 1.6 spells it: RemoteStopTransaction, GetConfiguration, …')
    .argument('[json]', 'the payload; default {}', payloadOf, {})
    .addHelpText(
      'after',
      [
        '\nExamples:',
        '  kwota call LIVOLTEK_01 GetConfiguration',
        '  kwota call LIVOLTEK_01 Reset \'{"type": "Soft"}\'',
        '  kwota call LIVOLTEK_01 GetDiagnostics    (uploaded to .kwota/uploads of the data folder)',
      ].join('\n'),
    )
    .action(async (id: string, action: string, payload: object, _, command: Command) => {
      checkServerOptions(command);
      const { runCall } = await import('./commands/call.ts');
      await runCall(id, action, payload, command.optsWithGlobals());
    });
}

function payloadOf(text: string): object {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch (cause) {
    throw new InvalidArgumentError(
      `It is not JSON (${cause instanceof Error ? cause.message : String(cause)}).`,
    );
  }
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload;
  throw new InvalidArgumentError('It is a JSON object, such as {"type": "Soft"}.');
}
