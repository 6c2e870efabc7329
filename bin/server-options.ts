// The options of commands that ask a running server: which server, and as JSON.
import type { Command } from 'commander';
import type { ApiOptions } from './api-access.ts';

/** A command that can also answer for programs. */
export function jsonCommand(parent: Command, usage: string, description: string): Command {
  return parent.command(usage).description(description).option('--json', 'for programs');
}

/** Ends the command where --url and --token do not name a server; else returns it. */
export function checkServerOptions(command: Command): Command {
  const options: ApiOptions = command.optsWithGlobals();
  if (options.url !== undefined && options.token === undefined) {
    // The token of the data folder is not for a strange server.
    command.error('kwota: --url needs --token, the token of that server');
  }
  if (options.url !== undefined && !/^https?:\/\/./.test(options.url)) {
    command.error('kwota: --url begins with http:// or https://, for example http://127.0.0.1:8001');
  }
  return command;
}
