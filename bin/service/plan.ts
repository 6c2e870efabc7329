// A service as data: what is written where, and which commands of the system install, end and show it. Nothing is done here.

/** What a service runs, and for whom. Paths are absolute. */
export interface ServiceFacts {
  /** Also the name of the unit or task. */
  readonly name: string;
  readonly program: { readonly file: string; readonly args: readonly string[] };
  /** Null: it runs on defaults. */
  readonly configPath: string | null;
  readonly dataDir: string;
  /** Further options of serve, as they were given. */
  readonly flags: readonly string[];
  /** Who it runs as; Windows and macOS have their own answer where it is null. */
  readonly user: string | null;
  /** Whether a port below 1024 is to be listened on. */
  readonly needsLowPort: boolean;
}

export type SystemCommand = readonly [string, ...string[]];

export interface ServicePlan {
  /** What the system reads: stays as long as the service. */
  readonly file: { readonly path: string; readonly content: string | Buffer };
  /** Whether the system keeps a copy of its own, so that the file may go again. */
  readonly isCopied: boolean;
  readonly install: readonly SystemCommand[];
  /** Each is tried: a service that was half installed can be removed as well. */
  readonly uninstall: readonly SystemCommand[];
  /** After the file is gone. */
  readonly afterUninstall: readonly SystemCommand[];
  /** Its exit code is 0 when the service runs. */
  readonly status: SystemCommand;
  /** Where its log can be read. */
  readonly log: string;
}

/** `serve` with everything spelt out: a service has no working folder and no environment of somebody. */
export function serveArguments({ program, configPath, dataDir, flags }: ServiceFacts): string[] {
  const config = configPath === null ? [] : ['--config', configPath];
  return [...program.args, 'serve', ...config, '--data', dataDir, ...flags];
}
